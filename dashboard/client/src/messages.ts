// The messages of the protocol, as they are on the wire.

/** The eight strategies by name, in order of their ids. */
export type StrategyName =
  | 'ultra_defensive'
  | 'defensive'
  | 'balanced_safe'
  | 'balanced_growth'
  | 'balanced_aggressive'
  | 'aggressive_growth'
  | 'max_growth'
  | 'tactical_opportunity';

/** Where the snapshots of a market come from. */
export type Source = 'live' | 'replay' | 'simulated';

/** `latest`: the newest of a market, older ones that still wait are left out. `all`: every sequence, in order. */
export type Delivery = 'latest' | 'all';

/** A place in a market's log. The epoch changes when the log starts over; sequences are 1, 2, 3 … without holes. */
export interface Place {
  epoch: string;
  sequence: number;
}

/** One prediction: the `data` of a `trm_prediction` message, and an entry of a history page. */
export interface Prediction extends Place {
  /** When it was made, UTC with microseconds. */
  timestamp: string;
  strategy_id: number;
  strategy_name: StrategyName;
  /** The probability of the strategy, 0 to 1. */
  confidence: number;
  probabilities: Record<StrategyName, number>;
  /** In the order of the model's feature names. */
  raw_features: number[];
  /** (raw − mean) / standard deviation of the training rows. */
  normalized_features: number[];
  halt_probability: number;
  model_metadata: { recursion_cycles: number; latent_steps: number; effective_depth: number };
  market: string;
  /** The instant its bars speak of. */
  as_of: string;
  source: Source;
  model_version: string;
  feature_set: string;
  trace_id: string;
  /** Share of the inputs that were there and fresh, 0 to 1. */
  quality: number;
  /** Age of the bars; only where a source knows it. */
  staleness_seconds?: number;
  /** Features that another value stands in for. */
  proxies?: string[];
  /** Only with simulated data. */
  mock_data?: true;
}

/** A tick that made no prediction. */
export interface PredictionError {
  timestamp: string;
  market: string;
  code: string;
  message: string;
}

/** Why a resume was not possible. */
export type ResyncReason = 'epoch_changed' | 'gap_too_large' | 'ahead_of_log';

/** The server does not continue from where the client stopped; the newest prediction follows. */
export interface Resync extends Place {
  market: string;
  reason: ResyncReason;
}

/** Totals of a market, or over all of them. */
export interface Summary {
  total_predictions: number;
  recent_count: number;
  strategy_distribution: Record<StrategyName, number>;
  average_confidence: number;
  last_prediction: Prediction | null;
  /** Absent from servers that keep no outcomes; null while there is none. */
  outcomes?: OutcomeSummary | null;
  /** Absent from servers that do not watch it; null while there is not enough to compare. */
  drift?: Drift | null;
}

/** How the newest model version has done. */
export interface OutcomeSummary {
  model_version: string;
  sessions: number;
  hit_rate: number;
  top3_rate: number;
  calibration_error: number;
  realised_utility: number;
}

/** How far recent features are from those of training: the population stability index of each. */
export interface Drift {
  sessions: number;
  threshold: number;
  features: Record<string, number>;
  /** Features above the threshold. */
  warnings: string[];
}

/** Everything a server sends. */
export type ServerMessage =
  | { type: 'trm_prediction'; timestamp: string; data: Prediction }
  | ({ type: 'prediction_error' } & PredictionError)
  | ({ type: 'resync' } & Resync)
  | { type: 'subscribed'; markets: Record<string, Place>; delivery: Delivery; id?: string | number }
  | { type: 'unsubscribed'; markets: string[]; id?: string | number }
  | { type: 'trm_summary'; data: Summary; id?: string | number }
  | { type: 'pong'; timestamp: number; id?: string | number }
  | { type: 'heartbeat'; timestamp: string }
  | { type: 'error'; code: string; message: string; id?: string | number }
  | { type: 'server_shutdown'; timestamp: string; message: string };

/** Everything a client sends. */
export type ClientMessage =
  | { type: 'ping'; id?: string | number }
  | { type: 'subscribe'; markets?: string[]; since?: Record<string, Place>; delivery?: Delivery; id?: string | number }
  | { type: 'unsubscribe'; markets?: string[]; id?: string | number }
  | { type: 'request_trm_prediction'; market?: string; id?: string | number };
