import { connect, type ConnectionState, type Prediction } from '@trm/client';
import { useEffect, useState } from 'react';

export interface Strategy {
  /** Undefined until the first one is here; it stays while the server is away. */
  prediction: Prediction | undefined;
  connection: ConnectionState;
}

/** Follows the newest prediction of a market for as long as the component is there. */
export function useStrategy(server: string, market: string): Strategy {
  const [prediction, setPrediction] = useState<Prediction>();
  const [connection, setConnection] = useState<ConnectionState>({ kind: 'closed' });
  useEffect(() => {
    const following = connect({ url: server, markets: [market], onPrediction: setPrediction, onState: setConnection });
    return () => following.close();
  }, [server, market]);
  return { prediction, connection };
}
