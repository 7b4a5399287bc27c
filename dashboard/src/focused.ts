import { TrmError, type Outcomes, type Prediction, type Summary, type TrmRest } from '@trm/client';
import { History } from './history.ts';
import { LogReader } from './log.ts';
import { pointOf } from './point.ts';
import { Series } from './series.ts';

/** Predictions kept whole for the first page of the table. */
export const recentLimit = 25;
/** Read at once, so that charts start with a past. */
const firstPage = 240;
/** Two years of sessions. */
const outcomesLimit = 500;
/** Outcomes and totals change once a session; a fast replay has many a second. Milliseconds. */
const refreshAfter = 15_000;

/** What is known of the market in focus, within one epoch of its log. */
export class FocusedMarket {
  readonly series = new Series();
  readonly log: LogReader;
  readonly history: History;
  /** Newest last. */
  recent: Prediction[] = [];
  /** From the moment the newest live prediction was made until it was on screen, in milliseconds. */
  latency: number | undefined;
  /** The first one since which the strategy is the same, as far back as is known. */
  heldSince: Prediction | undefined;
  summary: Summary | undefined;
  /** Undefined while unknown, null when the server keeps none. */
  outcomes: Outcomes | null | undefined;
  hasPast = false;
  /** When the newest live prediction was made, while it waits for its frame; milliseconds since 1970. */
  private unshown: number | undefined;
  private readonly closing = new AbortController();
  private refreshed = -Infinity;
  private waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly market: string,
    readonly epoch: string,
    private readonly rest: TrmRest,
    private readonly changed: () => void,
  ) {
    this.log = new LogReader(rest, market, epoch);
    this.history = new History(this.series, this.log, changed);
  }

  /** The next prediction. */
  append(prediction: Prediction, live = false): void {
    const isFirst = this.series.last === undefined;
    this.series.append(pointOf(prediction));
    this.recent = [...this.recent.slice(1 - recentLimit), prediction];
    if (this.heldSince?.strategy_id !== prediction.strategy_id) this.heldSince = prediction;
    // A replay runs through years in minutes: the time of its market says more than the time of day.
    if (isFirst && prediction.source === 'replay') this.history.axis = 'as_of';
    if (live) this.unshown = Date.parse(prediction.timestamp);
    if (isFirst) void this.readPast(prediction);
    this.refresh();
  }

  /** A frame is drawn now, at this time of the server's clock. */
  shown(now: number): void {
    if (this.unshown === undefined) return;
    this.latency = Math.max(0, now - this.unshown);
    this.unshown = undefined;
  }

  close(): void {
    this.closing.abort();
    clearTimeout(this.waiting);
    this.history.close();
  }

  private async readPast(first: Prediction): Promise<void> {
    try {
      const past = await this.log.before(first.sequence, firstPage, this.closing.signal);
      this.series.prepend(past.map(pointOf));
      this.recent = [...past, ...this.recent].slice(-recentLimit);
      if (this.heldSince === first) this.heldSince = holding(past, first) ?? first;
    } catch (error) {
      if (this.closing.signal.aborted) return;
      this.history.problem = error instanceof Error ? error.message : String(error);
    }
    this.hasPast = true;
    this.changed();
  }

  /** Now, or once the last time is long enough ago: what the last predictions of a replay settled has nothing after it to ask for it. */
  private refresh(): void {
    if (this.waiting !== undefined) return;
    const wait = this.refreshed + refreshAfter - performance.now();
    if (wait <= 0) void this.readTotals();
    else this.waiting = setTimeout(() => void this.readTotals(), wait);
  }

  private async readTotals(): Promise<void> {
    this.waiting = undefined;
    this.refreshed = performance.now();
    const { signal } = this.closing;
    // Neither is needed for the rest of the page: a server without them, or one that fails, leaves it whole.
    const [summary, outcomes] = await Promise.allSettled([this.rest.summary(this.market, signal), this.readOutcomes(signal)]);
    if (signal.aborted) return;
    if (summary.status === 'fulfilled') this.summary = summary.value;
    if (outcomes.status === 'fulfilled') this.outcomes = outcomes.value;
    this.changed();
  }

  /** What has settled since the last time, added to what is here. */
  private async readOutcomes(signal: AbortSignal): Promise<Outcomes | null> {
    if (this.outcomes === null) return null;
    const known = this.outcomes?.outcomes ?? [];
    const last = known.at(-1);
    try {
      const news = await this.rest.outcomes(this.market, last ? { after: last.session } : { limit: outcomesLimit }, signal);
      return { ...news, outcomes: [...known, ...news.outcomes].slice(-outcomesLimit) };
    } catch (error) {
      if (error instanceof TrmError && error.status === 404) return null;
      throw error;
    }
  }
}

/** The first of the predictions at the end of `past` that have the strategy of `next`. */
function holding(past: readonly Prediction[], next: Prediction): Prediction | undefined {
  const change = past.findLastIndex((prediction) => prediction.strategy_id !== next.strategy_id);
  return past[change + 1];
}
