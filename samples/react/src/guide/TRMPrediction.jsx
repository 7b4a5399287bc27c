// What people pasted into their dashboards from the guide of the first implementation: the address, the hook and the fields are the
// guide's, and the server has to go on serving them. The guide itself is not in this repository, so the markup around them is ours.
import { useEffect, useState } from 'react';

export function TRMPrediction() {
  const [prediction, setPrediction] = useState(null);

  useEffect(() => {
    const ws = new WebSocket('ws://localhost:8000/ws/react_client');

    ws.onmessage = (event) => {
      const message = JSON.parse(event.data);
      if (message.type === 'trm_prediction') {
        setPrediction(message.data);
      }
    };

    return () => ws.close();
  }, []);

  if (!prediction) return <div>Loading...</div>;

  return (
    <div>
      <h2>Strategy: {prediction.strategy_name}</h2>
      <p>Confidence: {(prediction.confidence * 100).toFixed(1)}%</p>
      <p>Time: {new Date(prediction.timestamp).toLocaleString()}</p>
    </div>
  );
}
