import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connect, type Connection, type ConnectionState, type ConnectOptions } from '../client/src/connection.ts';
import type { ClientMessage, ServerMessage } from '../client/src/messages.ts';

/** A socket whose server is the test. */
class FakeSocket {
  static all: FakeSocket[] = [];
  static readonly OPEN = 1;
  readyState = 0;
  sent: ClientMessage[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  constructor(readonly address: URL) {
    FakeSocket.all.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as ClientMessage);
  }

  close(): void {
    this.readyState = 3;
  }

  accept(): this {
    this.readyState = 1;
    this.onopen?.();
    return this;
  }

  tell(message: ServerMessage): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  predict(...sequences: number[]): void {
    for (const sequence of sequences) {
      this.tell({ type: 'trm_prediction', timestamp: '', data: { market: 'm', epoch: 'one', sequence } as never });
    }
  }

  answer(sequence: number): void {
    this.tell({ type: 'subscribed', markets: { m: { epoch: 'one', sequence } }, delivery: 'all' });
  }

  lose(code = 1006): void {
    this.onclose?.({ code, reason: 'gone' });
  }

  get subscriptions(): ClientMessage[] {
    return this.sent.filter((message) => message.type === 'subscribe');
  }
}

let connection: Connection;
let got: number[];
let states: ConnectionState[];

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  got = [];
  states = [];
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('nobody there')));
});

afterEach(() => {
  connection.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function open(options: ConnectOptions = {}): FakeSocket {
  connection = connect({
    url: 'https://desk.example/trm',
    delivery: 'all',
    onPrediction: (prediction) => got.push(prediction.sequence),
    onState: (state) => states.push(state),
    ...options,
  });
  return newest();
}

const newest = () => FakeSocket.all.at(-1)!;

test('the socket is asked for at once, below the address of the server, with the key', () => {
  const { address } = open({ key: 'trm_secret' });
  expect(address.href).toMatch(/^wss:\/\/desk\.example\/trm\/ws\/page-\w+\?access_token=trm_secret$/);
});

test('a lost connection resumes after the last prediction that was taken, and nothing comes twice', async () => {
  open().accept().predict(1, 2, 3);
  newest().lose();
  await vi.advanceTimersByTimeAsync(500);
  const second = newest().accept();
  expect(second.subscriptions).toEqual([
    { type: 'subscribe', delivery: 'all' },
    { type: 'subscribe', markets: ['m'], since: { m: { epoch: 'one', sequence: 3 } }, delivery: 'all' },
  ]);
  // The newest comes before the server has read what is asked for; then what was missed, and it again.
  second.predict(7);
  second.answer(7);
  second.answer(7);
  second.predict(4, 5, 6, 7, 8);
  expect(got).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(second.subscriptions).toHaveLength(2);
});

test('a gap in between is closed from the log', () => {
  const socket = open().accept();
  socket.predict(1, 2);
  socket.predict(4, 5);
  expect(got).toEqual([1, 2]);
  expect(socket.subscriptions).toEqual([
    { type: 'subscribe', delivery: 'all' },
    { type: 'subscribe', markets: ['m'], since: { m: { epoch: 'one', sequence: 2 } }, delivery: 'all' },
  ]);
  socket.answer(5);
  socket.predict(3, 4, 5);
  expect(got).toEqual([1, 2, 3, 4, 5]);
});

test('following all goes on from the prediction that is known', () => {
  const socket = open({ delivery: 'latest' }).accept();
  socket.predict(3, 9);
  connection.follow('m', 'all');
  expect(socket.subscriptions).toEqual([
    { type: 'subscribe', markets: ['m'], since: { m: { epoch: 'one', sequence: 9 } }, delivery: 'all' },
  ]);
});

test('the offline time is that of the loss, however many attempts fail', async () => {
  const start = Date.now();
  open().accept();
  newest().lose();
  await vi.advanceTimersByTimeAsync(500);
  newest().lose();
  expect(connection.state).toMatchObject({ kind: 'waiting', offlineSince: start });
  newest().onclose?.({ code: 1006, reason: '' });
  await vi.advanceTimersByTimeAsync(2_000);
  newest().accept();
  expect(connection.state.kind).toBe('open');
});

test('what is asked for fits the size of a message, however many markets there are', async () => {
  const socket = open().accept();
  const market = (i: number) => `${i}`.padEnd(64, '-');
  const epoch = '01a2158c-98ca-7397-aa5f-60d977d89f86';
  for (let i = 0; i < 40; i++) {
    socket.tell({ type: 'trm_prediction', timestamp: '', data: { market: market(i), epoch, sequence: 1_000_000_000 } as never });
  }
  socket.lose();
  await vi.advanceTimersByTimeAsync(500);
  const { sent } = newest().accept();
  expect(Math.max(...sent.map((message) => JSON.stringify(message).length))).toBeLessThanOrEqual(4_096);
  expect(sent.flatMap((message) => (message.type === 'subscribe' ? Object.keys(message.since ?? {}) : []))).toHaveLength(40);
});

test('the clocks are compared again until they are known well', async () => {
  const socket = open().accept();
  const pings = () => socket.sent.filter((message) => message.type === 'ping');
  // A page that is busy: the answer is read late.
  await vi.advanceTimersByTimeAsync(300);
  socket.tell({ type: 'pong', id: pings()[0]!.id!, timestamp: Date.now() / 1000 });
  expect(connection.clock.uncertainty).toBe(150);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(pings()).toHaveLength(2);
  socket.tell({ type: 'pong', id: pings()[1]!.id!, timestamp: Date.now() / 1000 });
  expect(connection.clock.uncertainty).toBe(0);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(pings()).toHaveLength(2);
});

test('a wait can be cut short', () => {
  open().accept();
  newest().lose();
  connection.retryNow();
  expect(FakeSocket.all).toHaveLength(2);
});

test('a server that says nothing is given up', async () => {
  open().accept();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(connection.state.kind).toBe('waiting');
});

test('a server that answers pings is not', async () => {
  const socket = open().accept();
  for (let i = 0; i < 8; i++) {
    await vi.advanceTimersByTimeAsync(5_000);
    socket.tell({ type: 'heartbeat', timestamp: '' });
  }
  expect(connection.state.kind).toBe('open');
});

test('a handshake without an answer is given up', async () => {
  open();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(connection.state.kind).toBe('waiting');
});

test('a refused key ends the attempts and says why', async () => {
  vi.stubGlobal('fetch', () =>
    Promise.resolve(new Response('{"code":"key_revoked","detail":"the key was revoked"}', { status: 401 })),
  );
  open();
  newest().lose();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(connection.state).toEqual({ kind: 'refused', code: 'key_revoked', message: 'the key was revoked' });
  expect(FakeSocket.all).toHaveLength(1);
});

test('a key that is revoked while it is in use ends the attempts', async () => {
  open().accept();
  newest().lose(4001);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(connection.state.kind).toBe('refused');
  expect(FakeSocket.all).toHaveLength(1);
});

test('only the markets that were asked for are given', () => {
  const socket = open({ markets: ['other'] }).accept();
  expect(socket.sent.slice(0, 2)).toEqual([{ type: 'unsubscribe' }, { type: 'subscribe', markets: ['other'], delivery: 'all' }]);
  socket.predict(1);
  expect(got).toEqual([]);
});
