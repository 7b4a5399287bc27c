import { rootOf, type Server } from './address.ts';
import type { Place, Prediction, StrategyName, Summary } from './messages.ts';

/** A market of the server and where its log stands. */
export interface Market extends Place {
  id: string;
  name: string;
  benchmark: string;
  bond: string;
  volatility_index: string;
  symbols: string[];
  /** IANA zone of its exchange; older servers do not tell it. */
  time_zone?: string;
}

/** The model in use. */
export interface Model {
  name: string;
  version: string;
  feature_set: string;
  feature_names: string[];
  parameters: number;
  effective_depth: number;
  trained_from: string | null;
  trained_to: string | null;
}

/** A range of a market's log, ascending. */
export interface HistoryPage {
  market: string;
  epoch: string;
  predictions: Prediction[];
  /** The `after` of the next page; null at the end of what was asked for. */
  next_after: number | null;
}

/** Which part of a log. Without `after`: the newest `limit`; with it: the oldest that follow. Both ends are exclusive. */
export interface HistoryQuery {
  after?: number;
  before?: number;
  /** 1 to 5000, 100 by default. */
  limit?: number;
  /** The log that is meant: another one is the error `epoch_changed`. */
  epoch?: string;
}

/** What came of a session's last prediction, once the horizon is over. */
export interface Outcome {
  /** The session's date. */
  session: string;
  /** The date of the horizon's last session. */
  settled: string;
  epoch: string;
  sequence: number;
  model_version: string;
  strategy_name: StrategyName;
  confidence: number;
  best_strategy: StrategyName;
  hit: boolean;
  /** The best strategy was among the three most probable. */
  top3: boolean;
  probability_of_best: number;
  probabilities: Record<StrategyName, number>;
  returns: Record<StrategyName, number>;
  utilities: Record<StrategyName, number>;
}

/** Sessions whose confidence lay in one interval, and how often they were right. */
export interface ReliabilityBin {
  from: number;
  to: number;
  sessions: number;
  average_confidence: number;
  hit_rate: number;
}

/** How one model version did over its newest sessions. */
export interface OutcomeStatistics {
  model_version: string;
  window_sessions: number;
  sessions: number;
  hit_rate: number;
  top3_rate: number;
  log_loss: number;
  brier: number;
  average_confidence: number;
  calibration_error: number;
  realised_utility: number;
  realised_return: number;
  best_constant: { strategy_name: StrategyName; utility: number } | null;
  reliability: ReliabilityBin[];
}

/** Outcomes of a market, ascending by session. */
export interface Outcomes {
  market: string;
  rule: { name: string; horizon_sessions: number; total_risk: number; active_risk: number; temperature: number };
  outcomes: Outcome[];
  statistics: OutcomeStatistics[];
}

/** Which outcomes; dates are exclusive. Without `after`: the newest `limit`. */
export interface OutcomesQuery {
  after?: string;
  before?: string;
  limit?: number;
  model?: string;
}

/** A call that the server refused or could not answer. */
export class TrmError extends Error {
  /** @param status HTTP status. @param code The server's stable code, `key_required` for one. */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'TrmError';
  }

  /** Whether a key, or another key, is needed. */
  get wantsKey(): boolean {
    return this.status === 401 || (this.status === 403 && this.code === 'insufficient_scope');
  }
}

/** The calls over HTTP. Each throws {@link TrmError} for an answer that is no success, and `TypeError` when there is none. */
export class TrmRest {
  private readonly root: URL;

  constructor(private readonly server: Server = {}) {
    this.root = rootOf(server.url);
  }

  markets(signal?: AbortSignal): Promise<Market[]> {
    return this.get('api/markets', {}, signal);
  }

  /** @throws TrmError 501 `no_model` of a server that does not predict itself. */
  model(signal?: AbortSignal): Promise<Model> {
    return this.get('api/model', {}, signal);
  }

  history(market: string, query: HistoryQuery = {}, signal?: AbortSignal): Promise<HistoryPage> {
    return this.get(`${ofMarket(market)}/predictions`, { ...query }, signal);
  }

  summary(market: string, signal?: AbortSignal): Promise<Summary> {
    return this.get(`${ofMarket(market)}/summary`, {}, signal);
  }

  /** @throws TrmError 404 of a server that keeps no outcomes. */
  outcomes(market: string, query: OutcomesQuery = {}, signal?: AbortSignal): Promise<Outcomes> {
    return this.get(`${ofMarket(market)}/outcomes`, { ...query }, signal);
  }

  private async get<T>(path: string, query: Record<string, string | number | undefined>, signal?: AbortSignal): Promise<T> {
    const address = new URL(path, this.root);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) address.searchParams.set(name, String(value));
    }
    const headers: HeadersInit = this.server.key ? { Authorization: `Bearer ${this.server.key}` } : {};
    const answer = await fetch(address, { headers, signal: signal ?? null });
    if (!answer.ok) throw await problemOf(answer);
    return (await answer.json()) as T;
  }
}

function ofMarket(market: string): string {
  return `api/markets/${encodeURIComponent(market)}`;
}

async function problemOf(answer: Response): Promise<TrmError> {
  try {
    const problem = (await answer.json()) as { code?: string; detail?: string };
    return new TrmError(answer.status, problem.code ?? 'error', problem.detail ?? answer.statusText);
  } catch {
    // A proxy in between answers with a page of its own.
    return new TrmError(answer.status, 'error', `${answer.status} ${answer.statusText}`.trim());
  }
}
