import type { HistoryQuery, TrmRest } from '@trm/client';
import { expect, test } from 'vitest';
import { LogReader } from '../src/log.ts';

const { signal } = new AbortController();

/** A log of `length` predictions, one a minute. */
function reader(length: number) {
  const queries: HistoryQuery[] = [];
  const rest = {
    history(_: string, query: HistoryQuery) {
      queries.push(query);
      const end = Math.min(length, (query.before ?? Infinity) - 1);
      const first = query.after === undefined ? Math.max(1, end - query.limit! + 1) : query.after + 1;
      const last = Math.min(end, first + query.limit! - 1);
      const predictions = [];
      for (let sequence = first; sequence <= last; sequence++) {
        const timestamp = new Date(sequence * 60_000).toISOString();
        predictions.push({ sequence, timestamp, as_of: timestamp, probabilities: {} });
      }
      return Promise.resolve({ predictions, next_after: last < end ? last : null });
    },
  } as unknown as TrmRest;
  return { log: new LogReader(rest, 'm', 'one'), queries };
}

test('a short range is read whole, page by page', async () => {
  const { log, queries } = reader(5_000);
  const points = await log.points(101, 1_600, signal);
  expect(points.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 1_500 }, (_, i) => 101 + i));
  expect(queries).toHaveLength(2);
});

test('of a long range some are read that stand for all', async () => {
  const { log, queries } = reader(1_000_000);
  const points = await log.points(1, 1_000_000, signal);
  expect(points.length).toBeLessThanOrEqual(241);
  expect(points.reduce((sum, { count }) => sum + count, 0)).toBe(1_000_000);
  expect(queries.every(({ limit }) => limit === 1)).toBe(true);
});

test('another range asks again for few of them', async () => {
  const { log, queries } = reader(1_000_100);
  await log.points(1, 1_000_000, signal);
  const before = queries.length;
  await log.points(1, 1_000_100, signal);
  expect(queries.length - before).toBeLessThanOrEqual(1);
});

test('an instant is found by halving', async () => {
  const { log, queries } = reader(1_000_000);
  expect(await log.sequenceAt(777_777 * 60, (point) => point.time, 1_000_000, signal)).toBe(777_777);
  expect(queries.length).toBeLessThanOrEqual(20);
});

test('an instant after the last one is the end', async () => {
  expect(await reader(10).log.sequenceAt(11 * 60, (point) => point.time, 10, signal)).toBe(11);
});

test('no range asks for nothing', async () => {
  const { log, queries } = reader(10);
  expect(await log.points(5, 4, signal)).toEqual([]);
  expect(queries).toHaveLength(0);
});
