import { expect, test } from 'vitest';
import type { Prediction } from '../client/src/messages.ts';
import { MarketProgress } from '../client/src/progress.ts';

const prediction = (sequence: number, epoch = 'one') => ({ epoch, sequence }) as Prediction;

test('each sequence is new once', () => {
  const progress = new MarketProgress('all');
  expect([1, 2, 2, 1, 3].map((sequence) => progress.take(prediction(sequence)))).toEqual(['new', 'new', 'known', 'known', 'new']);
});

test('with all a jump is a gap and is not taken', () => {
  const progress = new MarketProgress('all');
  progress.take(prediction(5));
  expect(progress.take(prediction(7))).toBe('gap');
  expect(progress.place).toEqual({ epoch: 'one', sequence: 5 });
});

test('with latest a jump is no gap', () => {
  const progress = new MarketProgress('latest');
  progress.take(prediction(5));
  expect(progress.take(prediction(7))).toBe('new');
});

test('another epoch is never a gap', () => {
  const progress = new MarketProgress('all');
  progress.take(prediction(5));
  expect(progress.take(prediction(1, 'two'))).toBe('new');
});

test('after a resync the newest prediction is taken wherever it is', () => {
  const progress = new MarketProgress('all');
  progress.take(prediction(5));
  progress.resynced({ market: 'm', reason: 'ahead_of_log', epoch: 'one', sequence: 3 });
  expect(progress.take(prediction(3))).toBe('new');
});

test('only what was made while the connection listened is live', () => {
  const progress = new MarketProgress('all');
  progress.take(prediction(5));
  expect(progress.isLive(5)).toBe(false);
  progress.reconnected();
  progress.asked();
  progress.take(prediction(9));
  progress.answered(9);
  expect([6, 9, 10].map((sequence) => progress.isLive(sequence))).toEqual([false, false, true]);
});
