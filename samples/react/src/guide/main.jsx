import { createRoot } from 'react-dom/client';
import { TRMPrediction } from './TRMPrediction.jsx';

createRoot(document.getElementById('root')).render(<TRMPrediction />);
