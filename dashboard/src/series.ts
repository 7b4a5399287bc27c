import { fold, type Point } from './point.ts';

/** Bounds of a series, in points. */
export interface SeriesLimits {
  /** The newest are kept one by one. */
  whole: number;
  /** Older ones are folded together into at most this many. */
  folded: number;
}

const defaultLimits: SeriesLimits = { whole: 3_600, folded: 1_440 };

/**
 * The predictions of one market as they came, newest last, in bounded memory: the newest one by one, older ones folded. When
 * those get too many, two become one, so that any length fits, and a day of one-second updates is told in steps of a minute.
 */
export class Series {
  private whole: Point[] = [];
  private folded: Point[] = [];
  /** How many of the oldest leave the newest ones together. */
  private readonly step: number;
  /** How many predictions a folded point stands for at most. */
  private span: number;
  /** Missing sequences between those that came. */
  holes = 0;

  constructor(private readonly limits: SeriesLimits = defaultLimits) {
    this.span = this.step = Math.max(2, Math.round(limits.whole / 60));
  }

  get first(): Point | undefined {
    return this.folded[0] ?? this.whole[0];
  }

  get last(): Point | undefined {
    return this.whole.at(-1);
  }

  /** Every point, folded ones first. */
  points(): Point[] {
    return [...this.folded, ...this.whole];
  }

  /** The newest one by one, at most `limit`. */
  newest(limit: number): Point[] {
    return this.whole.slice(-limit);
  }

  /** Whether everything from a sequence on is here one by one. */
  hasWhole(sequence: number): boolean {
    const first = this.whole[0];
    return first !== undefined && first.sequence <= sequence;
  }

  /** The next prediction. */
  append(point: Point): void {
    if (this.last) this.holes += Math.max(0, point.sequence - this.last.sequence - 1);
    this.whole.push(point);
    if (this.whole.length >= this.limits.whole + this.step) this.foldOldest();
  }

  /** Older predictions, ascending, right before the first one. Nothing may be folded yet. */
  prepend(points: readonly Point[]): void {
    const last = points.at(-1);
    if (!last) return;
    if (this.first) this.holes += Math.max(0, this.first.sequence - last.sequence - 1);
    this.whole.unshift(...points);
  }

  private foldOldest(): void {
    const oldest = fold(this.whole.splice(0, this.step));
    const before = this.folded.at(-1);
    if (before && before.count + oldest.count <= this.span) this.folded[this.folded.length - 1] = fold([before, oldest]);
    else this.folded.push(oldest);
    if (this.folded.length <= this.limits.folded) return;
    this.folded = pairs(this.folded);
    this.span *= 2;
  }
}

function pairs(points: readonly Point[]): Point[] {
  const halved: Point[] = [];
  for (let i = 0; i < points.length; i += 2) halved.push(fold(points.slice(i, i + 2)));
  return halved;
}
