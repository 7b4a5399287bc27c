/** Lets a part of the page be drawn at most every so often; one that comes too early is asked for again in time. */
export class Pace {
  private last = -Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param every Milliseconds. @param again Asks for a frame. */
  constructor(
    private readonly every: number,
    private readonly again: () => void,
  ) {}

  /** Whether to draw now. */
  isDue(): boolean {
    const wait = this.last + this.every - performance.now();
    if (wait > 0) {
      this.timer ??= setTimeout(() => this.hurry(), wait);
      return false;
    }
    this.last = performance.now();
    return true;
  }

  /** The next frame draws, whenever it is. */
  hurry(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.last = -Infinity;
    this.again();
  }
}
