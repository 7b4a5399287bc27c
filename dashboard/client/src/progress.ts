import type { Delivery, Place, Prediction, Resync } from './messages.ts';

/** What a prediction means to the one who reads in order: new, seen before, or after a hole. */
export type Verdict = 'new' | 'known' | 'gap';

/** How far one market has been read. Pure: it sends nothing, it says what to do. */
export class MarketProgress {
  /** The last prediction that was taken. */
  place: Place | undefined;
  delivery: Delivery;
  /** Answers to `subscribe` that are on their way; what comes before the last of them may have holes. */
  private pending = 0;
  /** Predictions up to this sequence were made before the connection asked; undefined until it is known. */
  private head: number | undefined;

  constructor(delivery: Delivery) {
    this.delivery = delivery;
  }

  /** A new connection: the server knows nothing of an older one. */
  reconnected(): void {
    this.pending = 0;
    this.head = undefined;
  }

  asked(): void {
    this.pending++;
  }

  answered(head: number): void {
    this.pending = Math.max(0, this.pending - 1);
    this.head = head;
  }

  /** The server starts anew at another place. */
  resynced(resync: Resync): void {
    this.place = undefined;
    this.head = resync.sequence;
  }

  /** Whether a gap is being closed already, so that no second request is needed. */
  get isWaiting(): boolean {
    return this.pending > 0;
  }

  /** Judges a prediction, and takes it when it is new. */
  take(prediction: Prediction): Verdict {
    const { epoch, sequence } = prediction;
    this.head ??= sequence;
    if (this.place?.epoch === epoch) {
      if (sequence <= this.place.sequence) return 'known';
      if (this.delivery === 'all' && sequence > this.place.sequence + 1) return 'gap';
    }
    this.place = { epoch, sequence };
    return 'new';
  }

  /** Whether a prediction was made while this connection listened. The first of a connection is told for a start. */
  isLive(sequence: number): boolean {
    return this.head !== undefined && sequence > this.head;
  }
}
