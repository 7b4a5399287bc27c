import type { Prediction } from '@trm/client';
import { expect, test } from 'vitest';
import { csvHeader, csvRows } from '../src/csv.ts';
import { duration, fixed, percent, signed } from '../src/format.ts';

test('numbers have as many digits as their neighbours, and a true minus', () => {
  expect([percent(0.2871), fixed(-1.5, 2), signed(0.314, 1), signed(-0.314, 1)]).toEqual(['28.7 %', '−1.50', '+0.3', '−0.3']);
});

test('durations are said as people say them', () => {
  expect([-5, 4_200, 100_000, 3_600_000 * 2 + 300_000, 86_400_000 * 3.2].map(duration)).toEqual([
    '0 s',
    '4 s',
    '2 min',
    '2 h 05 min',
    '3 d 4 h',
  ]);
});

test('a file has as many cells in each row as in its header', () => {
  const features = Array.from({ length: 10 }, (_, i) => `f${i}`);
  const row = csvRows([
    {
      raw_features: features.map(() => 1),
      normalized_features: features.map(() => 2),
      probabilities: {},
      market: 'a,"b"',
    } as unknown as Prediction,
  ]);
  const columns = csvHeader(features).trimEnd().split(',').length;
  expect(row.replace('"a,""b"""', 'm').trimEnd().split(',')).toHaveLength(columns);
});

test('a text that a spreadsheet would run is told to be text', () => {
  const row = csvRows([
    { raw_features: [], normalized_features: [], probabilities: {}, model_version: '=1+1' } as unknown as Prediction,
  ]);
  expect(row).toContain(",'=1+1,");
});
