import { expect, test } from 'vitest';
import { overdueAfter, usualInterval } from '../src/freshness.ts';
import type { Point } from '../src/point.ts';
import type { Store } from '../src/store.ts';

const points = (...times: number[]) => times.map((time) => ({ time }) as Point);

test('the usual interval is the median: one long pause does not change it', () => {
  expect(usualInterval(points(0, 60, 120, 900, 960, 1_020))).toBe(60_000);
});

test('two predictions tell no interval', () => {
  expect(usualInterval(points(0, 60))).toBeUndefined();
});

test('a prediction is overdue after three intervals and ten seconds', () => {
  const at = (now: number) =>
    overdueAfter({
      focus: { latest: { timestamp: new Date(180_000).toISOString() } },
      focused: { series: { newest: () => points(0, 60, 120, 180) } },
      serverNow: () => now,
    } as unknown as Store);
  expect(at(180_000 + 190_000)).toBeUndefined();
  expect(at(180_000 + 190_001)).toBe(60_000);
});
