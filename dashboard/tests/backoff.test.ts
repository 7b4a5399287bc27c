import { expect, test } from 'vitest';
import { waitBefore } from '../client/src/backoff.ts';

const backoff = { first: 500, longest: 30_000 };

test('waits double and stop growing at the longest', () => {
  const waits = [0, 1, 2, 3, 20].map((attempt) => waitBefore(attempt, backoff, () => 1));
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 30_000]);
});

test('a random half of a wait keeps clients apart', () => {
  expect(waitBefore(3, backoff, () => 0)).toBe(2_000);
  expect(waitBefore(3, backoff, () => 0.5)).toBe(3_000);
});
