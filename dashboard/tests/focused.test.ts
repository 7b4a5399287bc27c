import type { Prediction, TrmRest } from '@trm/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FocusedMarket } from '../src/focused.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const prediction = (sequence: number) =>
  ({ sequence, timestamp: '2020-01-02T15:00:00Z', as_of: '2020-01-02T15:00:00Z', probabilities: {} }) as Prediction;

/** A market of a server that has judged `sessions` so far; counts how often it is asked. */
function open() {
  const server = { sessions: 0, asked: 0 };
  const rest = {
    history: () => Promise.resolve({ predictions: [], next_after: null }),
    summary: () => Promise.resolve({}),
    outcomes() {
      server.asked++;
      return Promise.resolve({ outcomes: Array.from({ length: server.sessions }, (_, i) => ({ session: `${i}` })) });
    },
  } as unknown as TrmRest;
  return { server, focused: new FocusedMarket('m', 'one', rest, () => undefined) };
}

test('what the last predictions of a replay settled is read though none comes after them', async () => {
  const { server, focused } = open();
  focused.append(prediction(1));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(focused.outcomes?.outcomes).toHaveLength(0);
  server.sessions = 3;
  focused.append(prediction(2));
  await vi.advanceTimersByTimeAsync(15_000);
  expect(focused.outcomes?.outcomes).toHaveLength(3);
});

test('many predictions a second ask for outcomes four times a minute, none never', async () => {
  const { server, focused } = open();
  for (let sequence = 1; sequence <= 590; sequence++) {
    focused.append(prediction(sequence));
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(server.asked).toBe(4);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(server.asked).toBe(5);
});

test('a market left alone asks for nothing', async () => {
  const { server, focused } = open();
  focused.append(prediction(1));
  focused.append(prediction(2));
  focused.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.asked).toBe(1);
});
