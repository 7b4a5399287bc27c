import {
  TrmRest,
  type Connection,
  type ConnectionState,
  type Market,
  type Model,
  type Prediction,
  type PredictionError,
  type ResyncReason,
} from '@trm/client';
import { FocusedMarket } from './focused.ts';

/** What a tile shows of a market. */
export interface MarketState {
  id: string;
  /** Undefined until the list of markets is here. */
  info?: Market;
  /** Undefined until the first prediction. */
  latest?: Prediction;
  /** Of the last tick, when it made no prediction. */
  error?: PredictionError;
}

/** Something to be told once. */
export interface Notice {
  kind: ResyncReason;
  text: string;
}

/** Everything that the page shows. Views read it, {@link Session} writes it. */
export class Store {
  connection: Connection | undefined;
  connectionState: ConnectionState = { kind: 'closed' };
  readonly markets = new Map<string, MarketState>();
  focusId: string | undefined;
  focused: FocusedMarket | undefined;
  model: Model | undefined;
  notice: Notice | undefined;

  /** @param changed Is called after each change, however many there are. */
  constructor(readonly changed: () => void) {}

  get focus(): MarketState | undefined {
    return this.focusId === undefined ? undefined : this.markets.get(this.focusId);
  }

  /** By id, added when it is new. */
  market(id: string): MarketState {
    let market = this.markets.get(id);
    if (!market) this.markets.set(id, (market = { id }));
    return market;
  }

  /** Milliseconds since 1970 by the server's clock. */
  serverNow = (): number => this.connection?.clock.now() ?? Date.now();

  /** The focused market's record for an epoch; a new one when there is none, or when the log started over. */
  focusedAt(market: string, epoch: string, rest: TrmRest): FocusedMarket {
    if (this.focused?.market !== market || this.focused.epoch !== epoch) {
      this.focused?.close();
      this.focused = new FocusedMarket(market, epoch, rest, this.changed);
    }
    return this.focused;
  }

  /** Forgets everything: what a new key sees may be something else. */
  clear(): void {
    this.unfocus();
    this.markets.clear();
    this.focusId = this.model = this.notice = undefined;
  }

  unfocus(): void {
    this.focused?.close();
    this.focused = undefined;
  }
}
