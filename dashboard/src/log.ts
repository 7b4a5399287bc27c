import type { Prediction, TrmRest } from '@trm/client';
import { pointOf, type Point } from './point.ts';

/** Up to this many predictions, two megabytes, are read one by one; of more, samples. */
const wholeLimit = 1_500;
const samples = 240;
const pageSize = 1_000;
/** A browser opens six connections to a server of HTTP/1.1. */
const atOnce = 6;

/** Reads a market's log over REST. One epoch: when the log starts over, reading on is the error `epoch_changed`. */
export class LogReader {
  /** Single predictions that were asked for, by sequence: searches meet the same ones again. */
  private readonly known = new Map<number, Point>();

  constructor(
    private readonly rest: TrmRest,
    private readonly market: string,
    private readonly epoch: string,
  ) {}

  /** The predictions of a range, both ends included, ascending: all of them, or some that each stand for many. */
  async points(first: number, last: number, signal: AbortSignal): Promise<Point[]> {
    const length = last - first + 1;
    if (length <= 0) return [];
    return length <= wholeLimit ? this.whole(first, last, signal) : this.sampled(first, last, signal);
  }

  /** The pages of a range, both ends included, ascending. */
  async *pages(first: number, last: number, signal: AbortSignal): AsyncGenerator<Prediction[]> {
    for (let after: number | null = first - 1; after !== null && after < last;) {
      const page = await this.rest.history(this.market, { after, before: last + 1, limit: pageSize, epoch: this.epoch }, signal);
      yield page.predictions;
      after = page.next_after;
    }
  }

  /** Up to `limit` predictions right before a sequence, ascending. */
  async before(sequence: number, limit: number, signal?: AbortSignal): Promise<Prediction[]> {
    return (await this.rest.history(this.market, { before: sequence, limit, epoch: this.epoch }, signal)).predictions;
  }

  /**
   * The first sequence in 1..last whose time is not before the given one; last + 1 when there is none. Times only grow along a log,
   * so it is found by halving.
   */
  async sequenceAt(time: number, timeOf: (point: Point) => number, last: number, signal: AbortSignal): Promise<number> {
    let low = 1;
    let high = last + 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (timeOf(await this.one(middle, signal)) >= time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private async whole(first: number, last: number, signal: AbortSignal): Promise<Point[]> {
    const points: Point[] = [];
    for await (const page of this.pages(first, last, signal)) points.push(...page.map(pointOf));
    return points;
  }

  private async sampled(first: number, last: number, signal: AbortSignal): Promise<Point[]> {
    // On a grid of powers of two, so that another range meets the same ones.
    const stride = 2 ** Math.ceil(Math.log2((last - first + 1) / samples));
    const after = (sequence: number) => (Math.floor(sequence / stride) + 1) * stride;
    const sequences: number[] = [];
    for (let sequence = first; sequence <= last; sequence = after(sequence)) sequences.push(sequence);
    const points: Point[] = [];
    for (let i = 0; i < sequences.length; i += atOnce) {
      points.push(...(await Promise.all(sequences.slice(i, i + atOnce).map((sequence) => this.one(sequence, signal)))));
    }
    return points.map((point) => ({ ...point, count: Math.min(after(point.sequence), last + 1) - point.sequence }));
  }

  private async one(sequence: number, signal: AbortSignal): Promise<Point> {
    let point = this.known.get(sequence);
    if (!point) {
      const page = await this.rest.history(
        this.market,
        { after: sequence - 1, before: sequence + 1, limit: 1, epoch: this.epoch },
        signal,
      );
      point = pointOf(page.predictions[0]!);
      this.known.set(sequence, point);
    }
    return point;
  }
}
