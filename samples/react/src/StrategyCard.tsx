import { useStrategy } from './useStrategy.ts';

/** Strategy, confidence and time of a market. */
export function StrategyCard({ server, market }: { server: string; market: string }) {
  const { prediction, connection } = useStrategy(server, market);
  if (!prediction) return <p className="card">Waiting for {server} …</p>;
  return (
    <article className="card" data-sequence={prediction.sequence}>
      <h1>{prediction.strategy_name.replaceAll('_', ' ')}</h1>
      <p className="confidence">{(prediction.confidence * 100).toFixed(1)} % confidence</p>
      <p>
        <time dateTime={prediction.timestamp}>{new Date(prediction.timestamp).toLocaleString()}</time>
        {prediction.mock_data && <strong> SIMULATED</strong>}
        {connection.kind !== 'open' && <em> {connection.kind === 'refused' ? connection.message : 'offline'}</em>}
      </p>
    </article>
  );
}
