import { socketAddress, type Server } from './address.ts';
import { defaultBackoff, waitBefore, type Backoff } from './backoff.ts';
import { ServerClock } from './clock.ts';
import type { ClientMessage, Delivery, Place, Prediction, PredictionError, Resync, ServerMessage } from './messages.ts';
import { MarketProgress } from './progress.ts';
import { TrmError, TrmRest } from './rest.ts';

/** Times are milliseconds since 1970 on this machine's clock. */
export type ConnectionState =
  | { kind: 'connecting'; attempt: number; offlineSince: number | undefined }
  | { kind: 'open'; since: number }
  /** Offline; the next attempt comes by itself. */
  | { kind: 'waiting'; offlineSince: number; retryAt: number; reason: string }
  /** The server wants a key, or another one. There is no further attempt. */
  | { kind: 'refused'; code: string; message: string }
  | { kind: 'closed' };

export interface ConnectOptions extends Server {
  /** Left out: every market that the key may see. */
  markets?: readonly string[];
  /** For markets that {@link Connection.follow} was not called for. `latest` by default. */
  delivery?: Delivery;
  /**
   * Each prediction once, in order; with delivery `all` without a hole, across reconnects too.
   * `live` is false for those made before the connection asked: the first one, and what a resume brings.
   */
  onPrediction?: (prediction: Prediction, live: boolean) => void;
  /** A tick that made no prediction. */
  onPredictionError?: (error: PredictionError) => void;
  /** There is a hole after all: drop what you have of this market and read its history; the newest prediction follows. */
  onResync?: (resync: Resync) => void;
  onState?: (state: ConnectionState) => void;
  /** The server could not do what was asked, `unknown_market` for one. */
  onServerError?: (error: { code: string; message: string }) => void;
  backoff?: Backoff;
}

/** Between two pings, in milliseconds. */
const pingEvery = 15_000;
/** A connection on which nothing comes for this long after a ping is dead, whatever the network says. */
const answerWithin = 10_000;
/** The clocks are compared again, a few times, until they are known to this; milliseconds. */
const closeEnough = 5;
const askAgainAfter = 1_000;
const extraPings = 4;
/** For the handshake. */
const openWithin = 10_000;

/** What fits the 4 KiB that a server takes in a message, places and longest names included. */
const marketsAtOnce = 16;

/** The server revoked the key, or it expired. */
const accessEnded = 4001;

/** Follows a server's predictions until it is closed. Made by {@link connect}. */
export class Connection {
  /** The server's clock; ages and latencies are taken by it. */
  readonly clock = new ServerClock();
  private readonly clientId = `page-${Math.random().toString(36).slice(2, 12)}`;
  private readonly progress = new Map<string, MarketProgress>();
  private socket: WebSocket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private extra: ReturnType<typeof setTimeout> | undefined;
  private extraPings = 0;
  private failures = 0;
  private offlineSince: number | undefined;
  private lastHeard = 0;
  private current: ConnectionState = { kind: 'closed' };

  constructor(private readonly options: ConnectOptions) {
    this.open();
  }

  get state(): ConnectionState {
    return this.current;
  }

  /** The last prediction that was taken of a market. */
  placeOf(market: string): Place | undefined {
    return this.progress.get(market)?.place;
  }

  /**
   * Changes how a market is delivered. With `all` it goes on after the last prediction that came, so that none is missing from
   * there on.
   */
  follow(market: string, delivery: Delivery): void {
    const progress = this.progressOf(market);
    if (progress.delivery === delivery) return;
    progress.delivery = delivery;
    this.subscribe([market], delivery);
  }

  /** Connects at once instead of when the wait is over. */
  retryNow(): void {
    if (this.current.kind === 'waiting') this.open();
  }

  close(): void {
    this.drop();
    this.tell({ kind: 'closed' });
  }

  private open(): void {
    this.drop();
    this.tell({ kind: 'connecting', attempt: this.failures, offlineSince: this.offlineSince });
    const socket = new WebSocket(socketAddress(this.options, this.clientId));
    this.socket = socket;
    socket.onopen = () => this.opened();
    socket.onmessage = (event) => this.heard(event.data);
    socket.onclose = (event) => void this.lost(event.code, event.reason);
    this.timer = setTimeout(() => void this.lost(0, 'no answer from the server'), openWithin);
  }

  private opened(): void {
    this.failures = 0;
    this.offlineSince = undefined;
    this.clock.reset();
    this.extraPings = extraPings;
    for (const progress of this.progress.values()) progress.reconnected();
    this.subscribeAnew();
    this.tell({ kind: 'open', since: Date.now() });
    this.ping();
  }

  /** A new connection gets the newest of every market; only what differs from that is asked for. */
  private subscribeAnew(): void {
    const { markets, delivery } = this.options;
    if (markets) {
      for (const market of markets) this.progressOf(market);
      this.send({ type: 'unsubscribe' });
    } else if (delivery === 'all') {
      // Those that are not known yet, too.
      for (const progress of this.progress.values()) progress.asked();
      this.send({ type: 'subscribe', delivery });
    }
    this.subscribe(this.marketsWith('all'), 'all');
    if (markets || delivery === 'all') this.subscribe(this.marketsWith('latest'), 'latest');
  }

  private marketsWith(delivery: Delivery): string[] {
    return [...this.progress].filter(([, progress]) => progress.delivery === delivery).map(([market]) => market);
  }

  /** With `all` each goes on after the last prediction that was taken of it. */
  private subscribe(markets: readonly string[], delivery: Delivery): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    for (let i = 0; i < markets.length; i += marketsAtOnce) {
      const some = markets.slice(i, i + marketsAtOnce);
      const since: Record<string, Place> = {};
      for (const market of some) {
        const progress = this.progressOf(market);
        progress.asked();
        if (delivery === 'all' && progress.place) since[market] = progress.place;
      }
      this.send({ type: 'subscribe', markets: some, ...(Object.keys(since).length > 0 && { since }), delivery });
    }
  }

  private heard(data: unknown): void {
    const now = Date.now();
    this.lastHeard = now;
    const message = JSON.parse(String(data)) as ServerMessage;
    switch (message.type) {
      case 'trm_prediction':
        this.predicted(message.data);
        break;
      case 'prediction_error':
        if (this.isWanted(message.market)) this.options.onPredictionError?.(message);
        break;
      case 'subscribed':
        for (const [market, place] of Object.entries(message.markets)) this.progressOf(market).answered(place.sequence);
        break;
      case 'resync':
        this.progressOf(message.market).resynced(message);
        this.options.onResync?.(message);
        break;
      case 'error':
        this.options.onServerError?.(message);
        break;
      case 'pong':
        this.clock.observe(Number(message.id), message.timestamp * 1000, now);
        // The first answers come while a page is busy starting, and say little.
        if (this.clock.uncertainty > closeEnough && this.extraPings-- > 0)
          this.extra = setTimeout(() => this.askTime(), askAgainAfter);
        break;
    }
  }

  private predicted(prediction: Prediction): void {
    if (!this.isWanted(prediction.market)) return;
    const progress = this.progressOf(prediction.market);
    const verdict = progress.take(prediction);
    if (verdict === 'new') this.options.onPrediction?.(prediction, progress.isLive(prediction.sequence));
    // The log has what is missing, and this one after it.
    if (verdict === 'gap' && !progress.isWaiting) this.subscribe([prediction.market], 'all');
  }

  private isWanted(market: string): boolean {
    return this.options.markets?.includes(market) ?? true;
  }

  private progressOf(market: string): MarketProgress {
    let progress = this.progress.get(market);
    if (!progress) this.progress.set(market, (progress = new MarketProgress(this.options.delivery ?? 'latest')));
    return progress;
  }

  private ping(): void {
    const sent = this.askTime();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.lastHeard < sent) void this.lost(0, 'the server went silent');
      else this.timer = setTimeout(() => this.ping(), pingEvery - answerWithin);
    }, answerWithin);
  }

  private askTime(): number {
    const sent = Date.now();
    this.send({ type: 'ping', id: sent });
    return sent;
  }

  private async lost(code: number, reason: string): Promise<void> {
    const wasOpen = this.current.kind === 'open';
    this.drop();
    this.offlineSince ??= Date.now();
    if (code === accessEnded) return this.tell({ kind: 'refused', code: 'access_ended', message: reason });
    const wait = waitBefore(this.failures++, this.options.backoff ?? defaultBackoff);
    this.tell({
      kind: 'waiting',
      offlineSince: this.offlineSince,
      retryAt: Date.now() + wait,
      reason: reason || 'the connection was lost',
    });
    this.timer = setTimeout(() => this.open(), wait);
    if (!wasOpen) await this.askWhy();
  }

  /** A page is not told why a handshake was refused; the same key over HTTP is. */
  private async askWhy(): Promise<void> {
    const refused = await new TrmRest(this.options).markets().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(refused instanceof TrmError) || !refused.wantsKey || this.current.kind === 'closed' || this.current.kind === 'open')
      return;
    this.drop();
    this.tell({ kind: 'refused', code: refused.code, message: refused.message });
  }

  private drop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.extra);
    const socket = this.socket;
    this.socket = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private send(message: ClientMessage): void {
    this.socket?.send(JSON.stringify(message));
  }

  private tell(state: ConnectionState): void {
    this.current = state;
    this.options.onState?.(state);
  }
}

/** Connects to a server and stays connected: it comes back after every loss and resumes where it stopped. */
export function connect(options: ConnectOptions = {}): Connection {
  return new Connection(options);
}
