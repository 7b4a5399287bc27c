import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './card.css';
import { StrategyCard } from './StrategyCard.tsx';

// Where ./trm serve listens; VITE_TRM_SERVER names another server.
const server = import.meta.env['VITE_TRM_SERVER'] ?? 'http://localhost:8000';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <StrategyCard server={server} market="us-equities" />
  </StrictMode>,
);
