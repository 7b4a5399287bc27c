import { connect, TrmRest, type Connection, type ConnectionState, type Market, type Prediction, type Resync } from '@trm/client';
import type { Store } from './store.ts';

const resyncs: Record<Resync['reason'], string> = {
  epoch_changed: 'The log of this market has started over. The charts begin anew.',
  gap_too_large: 'Too much was missed to catch up. The history was read anew.',
  ahead_of_log: 'The server knows less than this page did. The charts begin anew.',
};

/** Follows a server with one key, and writes what comes into the store. */
export class Session {
  private readonly connection: Connection;
  private readonly rest: TrmRest;
  private wasLost = false;

  /** @param market In focus from the start; undefined leaves it to the server's order. */
  constructor(
    private readonly store: Store,
    key: string | undefined,
    market: string | undefined,
  ) {
    store.clear();
    const server = key ? { key } : {};
    this.rest = new TrmRest(server);
    this.connection = connect({
      ...server,
      onPrediction: (prediction, live) => this.predicted(prediction, live),
      onPredictionError: (error) => {
        store.market(error.market).error = error;
        store.changed();
      },
      onResync: (resync) => this.resynced(resync),
      onState: (state) => this.connectionChanged(state),
    });
    store.connection = this.connection;
    if (market !== undefined) this.focus(market);
  }

  /** Puts a market in focus: all its predictions from here on, and its past. The others are followed by their newest. */
  focus(id: string): void {
    const { store } = this;
    if (store.focusId === id) return;
    if (store.focusId !== undefined) this.connection.follow(store.focusId, 'latest');
    store.focusId = id;
    store.notice = undefined;
    store.unfocus();
    const latest = store.market(id).latest;
    if (latest) store.focusedAt(id, latest.epoch, this.rest).append(latest);
    this.connection.follow(id, 'all');
    store.changed();
  }

  retryNow(): void {
    this.connection.retryNow();
  }

  close(): void {
    this.connection.close();
  }

  private connectionChanged(state: ConnectionState): void {
    this.store.connectionState = state;
    this.store.changed();
    // In parallel with the first handshake; after a loss the server may have other markets and another model.
    if ((state.kind === 'connecting' && state.offlineSince === undefined) || (state.kind === 'open' && this.wasLost))
      void this.describe();
    this.wasLost = state.kind === 'waiting' || (this.wasLost && state.kind === 'connecting');
  }

  private predicted(prediction: Prediction, live: boolean): void {
    const { store } = this;
    const market = store.market(prediction.market);
    market.latest = prediction;
    delete market.error;
    if (store.focusId === undefined) this.focus(prediction.market);
    else if (store.focusId === prediction.market)
      store.focusedAt(prediction.market, prediction.epoch, this.rest).append(prediction, live && !document.hidden);
    store.changed();
  }

  private resynced(resync: Resync): void {
    if (resync.market !== this.store.focusId) return;
    this.store.unfocus();
    this.store.notice = { kind: resync.reason, text: resyncs[resync.reason] };
    this.store.changed();
  }

  /** Names and zones; the page shows predictions without them. */
  private async describe(): Promise<void> {
    const { store } = this;
    const [markets, model] = await Promise.allSettled([this.rest.markets(), this.rest.model()]);
    if (store.connection !== this.connection) return;
    if (model.status === 'fulfilled') store.model = model.value;
    if (markets.status === 'fulfilled') this.list(markets.value);
    store.changed();
  }

  private list(markets: readonly Market[]): void {
    const { store } = this;
    for (const info of markets) store.market(info.id).info = info;
    // Those that an address named, or an earlier run of the server, and that are not here.
    for (const [id, { info }] of store.markets)
      if (!info || !markets.some((market) => market.id === id)) store.markets.delete(id);
    const first = markets[0];
    if (first && !store.focus) this.focus(first.id);
  }
}
