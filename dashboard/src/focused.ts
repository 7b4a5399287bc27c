import type { Outcomes, Prediction, Summary, TrmRest } from '@trm/client';
import { History } from './history.ts';
import { LogReader } from './log.ts';
import { pointOf } from './point.ts';
import { Series } from './series.ts';

/** Predictions kept whole for the first page of the table. */
export const recentLimit = 25;
/** Read at once, so that charts start with a past. */
const firstPage = 240;
/** Outcomes and totals change once a session; a fast replay has many a second. */
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
  /** The sequence since which the strategy is the same, as far as it is known. */
  heldSince: Prediction | undefined;
  summary: Summary | undefined;
  /** Undefined while unknown, null when the server keeps none. */
  outcomes: Outcomes | null | undefined;
  hasPast = false;
  /** When the newest live prediction was made, while it waits for its frame; milliseconds since 1970. */
  private unshown: number | undefined;
  private readonly closing = new AbortController();
  private refreshed = -Infinity;
  private refreshedSession = '';

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
    if (isFirst && prediction.source === 'replay') this.history.startAsReplay();
    if (live) this.unshown = Date.parse(prediction.timestamp);
    if (isFirst) void this.readPast(prediction);
    void this.refresh(prediction);
  }

  /** A frame is drawn now, at this time of the server's clock. */
  shown(now: number): void {
    if (this.unshown === undefined) return;
    this.latency = Math.max(0, now - this.unshown);
    this.unshown = undefined;
  }

  close(): void {
    this.closing.abort();
    this.history.close();
  }

  private async readPast(first: Prediction): Promise<void> {
    try {
      const past = await this.log.before(first.sequence, firstPage, this.closing.signal);
      this.series.prepend(past.map(pointOf));
      this.recent = [...past, ...this.recent].slice(-recentLimit);
      this.heldSince = holding(past, first) ?? this.heldSince;
    } catch (error) {
      if (this.closing.signal.aborted) return;
      this.history.problem = error instanceof Error ? error.message : String(error);
    }
    this.hasPast = true;
    this.changed();
    await this.history.start();
  }

  private async refresh({ as_of }: Prediction): Promise<void> {
    const now = performance.now();
    const isNewSession = as_of !== this.refreshedSession;
    if (now - this.refreshed < (isNewSession ? refreshAfter / 5 : refreshAfter)) return;
    this.refreshed = now;
    this.refreshedSession = as_of;
    const { signal } = this.closing;
    // Neither is needed for the rest of the page: a server without them, or one that fails, leaves it whole.
    const [summary, outcomes] = await Promise.allSettled([
      this.rest.summary(this.market, signal),
      isNewSession && this.outcomes !== null ? this.rest.outcomes(this.market, { limit: 500 }, signal) : Promise.resolve(this.outcomes),
    ]);
    if (signal.aborted) return;
    if (summary.status === 'fulfilled') this.summary = summary.value;
    this.outcomes = outcomes.status === 'fulfilled' ? outcomes.value : null;
    this.changed();
  }
}

/** The first of the predictions at the end of `past` that have the strategy of `next`. */
function holding(past: readonly Prediction[], next: Prediction): Prediction | undefined {
  const change = past.findLastIndex((prediction) => prediction.strategy_id !== next.strategy_id);
  return past[change + 1];
}
