import { expect, test } from 'vitest';
import { History } from '../src/history.ts';
import type { LogReader } from '../src/log.ts';
import type { Point } from '../src/point.ts';
import { Series } from '../src/series.ts';

const { signal } = new AbortController();
const minute = 60;

const point = (sequence: number): Point => ({
  sequence,
  count: 1,
  time: sequence * minute,
  asOf: sequence * 86_400,
  strategy: 0,
  confidence: 0.2,
  low: 0.2,
  high: 0.2,
  halt: 0.1,
  probabilities: [1],
  raw: [],
  z: [],
});

const points = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => point(first + i));

/** One prediction a minute, those from `first` to `last` in memory; notes which ranges are read from the log. */
function open(first: number, last: number) {
  const series = new Series();
  for (const each of points(first, last)) series.append(each);
  const reads: [number, number][] = [];
  const log = {
    points(from: number, to: number) {
      if (to >= from) reads.push([from, to]);
      return Promise.resolve(to < from ? [] : points(from, to));
    },
    sequenceAt(time: number, timeOf: (point: Point) => number, end: number) {
      return Promise.resolve(points(1, end).find((each) => timeOf(each) >= time)?.sequence ?? end + 1);
    },
  } as unknown as LogReader;
  return { history: new History(series, log, () => {}), series, reads };
}

const shown = (history: History) => history.points().map(({ sequence }) => sequence);

test('a range that is in memory is not read', async () => {
  const { history, reads } = open(1, 500);
  await history.choose({ kind: 'newest', name: '1h' });
  expect(reads).toEqual([]);
  expect(shown(history)).toEqual(points(440, 500).map(({ sequence }) => sequence));
});

test('what lies before memory is read and joins it without a hole', async () => {
  const { history, reads } = open(900, 1_000);
  await history.choose({ kind: 'newest', name: 'all' });
  expect(reads).toEqual([[1, 899]]);
  expect(shown(history)).toEqual(points(1, 1_000).map(({ sequence }) => sequence));
});

test('a range up to now moves with the market', async () => {
  const { history, series } = open(1, 500);
  await history.choose({ kind: 'newest', name: '1h' });
  series.append(point(501));
  expect(shown(history)).toEqual(points(441, 501).map(({ sequence }) => sequence));
});

test('a zoom stands still and includes both its ends', async () => {
  const { history, series } = open(100, 500);
  await history.choose({ kind: 'between', from: 20 * minute, to: 30 * minute });
  series.append(point(501));
  expect(shown(history)).toEqual(points(20, 30).map(({ sequence }) => sequence));
  expect(await history.sequences(signal)).toEqual({ first: 20, last: 30 });
});

test('on the market’s time a range is one of sessions', async () => {
  const { history } = open(1, 500);
  await history.choose({ kind: 'newest', name: '1mo' }, 'as_of');
  expect(shown(history)).toEqual(points(469, 500).map(({ sequence }) => sequence));
});

test('at first the page shows what it has, and asks for nothing', async () => {
  const { history, series, reads } = open(900, 1_000);
  series.append(point(1_001));
  expect(shown(history)).toEqual(points(900, 1_001).map(({ sequence }) => sequence));
  expect(await history.sequences(signal)).toEqual({ first: 900, last: 1_001 });
  expect(reads).toEqual([]);
});

test('a log that cannot be read is told, and what is in memory stays', async () => {
  const { history } = open(900, 1_000);
  (history as unknown as { log: Partial<LogReader> }).log = { points: () => Promise.reject(new Error('the log is away')) };
  await history.choose({ kind: 'newest', name: 'all' });
  expect(history.problem).toBe('the log is away');
  expect(history.isBusy).toBe(false);
  expect(shown(history)).toEqual(points(900, 1_000).map(({ sequence }) => sequence));
});
