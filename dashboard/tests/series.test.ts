import { expect, test } from 'vitest';
import type { Point } from '../src/point.ts';
import { Series } from '../src/series.ts';

const limits = { whole: 120, folded: 50 };

const point = (sequence: number): Point => ({
  sequence,
  count: 1,
  time: sequence,
  asOf: sequence,
  strategy: 0,
  confidence: (sequence % 10) / 10,
  low: (sequence % 10) / 10,
  high: (sequence % 10) / 10,
  halt: 0.1,
  probabilities: [1, 0],
  raw: [],
  z: [],
});

function filled(length: number): Series {
  const series = new Series(limits);
  for (let sequence = 1; sequence <= length; sequence++) series.append(point(sequence));
  return series;
}

test('memory is bounded however many predictions come', () => {
  expect(filled(20_000).points().length).toBeLessThanOrEqual(limits.whole + limits.folded + 2);
});

test('folded points stand for every prediction, in order', () => {
  const points = filled(5_000).points();
  let next = 1;
  for (const { sequence, count } of points) {
    expect(sequence).toBe(next);
    next += count;
  }
  expect(next).toBe(5_001);
});

test('extremes survive folding', () => {
  const [first] = filled(5_000).points();
  expect([first!.low, first!.high]).toEqual([0, 0.9]);
});

test('a missing sequence is counted', () => {
  const series = new Series(limits);
  for (const sequence of [4, 5, 8]) series.append(point(sequence));
  series.prepend([point(1), point(2)]);
  expect(series.holes).toBe(3);
});

test('the past comes before what is live', () => {
  const series = new Series(limits);
  series.append(point(3));
  series.prepend([point(1), point(2)]);
  expect(series.points().map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  expect(series.holes).toBe(0);
});

test('a day of one-second updates keeps the newest hour one by one', () => {
  const series = new Series();
  for (let sequence = 1; sequence <= 86_400; sequence++) series.append(point(sequence));
  expect(series.newest(3_600).map(({ sequence }) => sequence)).toEqual(Array.from({ length: 3_600 }, (_, i) => 82_801 + i));
  expect(series.points().length).toBeLessThanOrEqual(3_600 + 60 + 1_440);
});
