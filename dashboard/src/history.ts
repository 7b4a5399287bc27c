import type { LogReader } from './log.ts';
import type { Point } from './point.ts';
import type { Series } from './series.ts';

/** Which time runs to the right: when predictions were made, or the instant that their bars speak of. */
export type Axis = 'predicted' | 'as_of';

/** A stretch up to now, or one between two instants (seconds since 1970, on the axis chosen). */
export type Range = { kind: 'newest'; name: RangeName } | { kind: 'between'; from: number; to: number };

const hour = 3_600;

/** Seconds up to now. `live` is what the page has anyway: a little past, and all that came since it was opened. */
export const newestRanges = {
  live: Infinity,
  '1h': hour,
  '1d': 24 * hour,
  '1mo': 31 * 24 * hour,
  '1y': 366 * 24 * hour,
  all: Infinity,
};

export type RangeName = keyof typeof newestRanges;

/** The points of a market that a range shows: live ones from memory, older ones read from the log. */
export class History {
  range: Range = { kind: 'newest', name: 'live' };
  axis: Axis = 'predicted';
  /** Being read. */
  isBusy = false;
  /** Why reading did not work, for people. */
  problem: string | undefined;
  /** Of a stretch up to now: what lies before the series. */
  private older: Point[] = [];
  /** Of a stretch between two instants: all of it. */
  private between: Point[] = [];
  private reading = new AbortController();

  constructor(
    private readonly series: Series,
    private readonly log: LogReader,
    private readonly changed: () => void,
  ) {}

  timeOf = (point: Point): number => (this.axis === 'predicted' ? point.time : point.asOf);

  /** Ascending. */
  points(): Point[] {
    if (this.range.kind === 'between') return this.between;
    const points = [...this.older, ...this.series.points()];
    const begin = this.begin();
    const from = points.findIndex((point) => this.timeOf(point) >= begin);
    return from <= 0 ? points : points.slice(from);
  }

  /** Shows another stretch, reading what is not in memory. */
  async choose(range: Range, axis: Axis = this.axis): Promise<void> {
    this.range = range;
    this.axis = axis;
    await this.read();
  }

  /** The sequences of the range, both ends included. */
  async sequences(signal: AbortSignal): Promise<{ first: number; last: number }> {
    const end = this.series.last?.sequence ?? 0;
    if (this.range.kind === 'newest' && this.range.name === 'live') return { first: this.series.first?.sequence ?? 1, last: end };
    if (this.range.kind === 'newest') return { first: await this.sequenceAt(this.begin(), end, signal), last: end };
    const first = await this.sequenceAt(this.range.from, end, signal);
    // The end is included to the second that an input field has.
    return { first, last: (await this.sequenceAt(this.range.to + 1, end, signal)) - 1 };
  }

  /** Ends what is being read; the market is no longer shown. */
  close(): void {
    this.reading.abort();
  }

  private async read(): Promise<void> {
    this.reading.abort();
    const { signal } = (this.reading = new AbortController());
    this.isBusy = true;
    this.problem = undefined;
    this.changed();
    try {
      const { first, last } = await this.sequences(signal);
      const inMemory = this.series.first?.sequence ?? 0;
      if (this.range.kind === 'newest') this.older = await this.log.points(first, inMemory - 1, signal);
      else if (this.series.hasWhole(first))
        this.between = this.series.points().filter((point) => point.sequence >= first && point.sequence <= last);
      else this.between = await this.log.points(first, last, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.problem = error instanceof Error ? error.message : String(error);
    }
    this.isBusy = false;
    this.changed();
  }

  private begin(): number {
    const last = this.series.last;
    return this.range.kind === 'newest' && last ? this.timeOf(last) - newestRanges[this.range.name] : -Infinity;
  }

  // What is in memory answers most questions without the server.
  private sequenceAt(time: number, end: number, signal: AbortSignal): Promise<number> | number {
    if (time === -Infinity) return 1;
    const first = this.series.first;
    const inMemory =
      first && this.timeOf(first) < time ? this.series.points().find((point) => this.timeOf(point) >= time) : undefined;
    return inMemory?.sequence ?? this.log.sequenceAt(time, this.timeOf, end, signal);
  }
}
