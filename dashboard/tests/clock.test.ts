import { expect, test } from 'vitest';
import { ServerClock } from '../client/src/clock.ts';

test('before a pong the local time is the best guess', () => {
  expect(new ServerClock().now(1_000)).toBe(1_000);
});

test('a server whose clock is ahead is read as ahead, to half the round trip', () => {
  const clock = new ServerClock();
  clock.observe(1_000, 6_020, 1_040);
  expect(clock.now(2_000)).toBe(7_000);
  expect(clock.uncertainty).toBe(20);
});

test('a slower answer does not spoil a quicker one', () => {
  const clock = new ServerClock();
  clock.observe(1_000, 6_020, 1_040);
  clock.observe(2_000, 9_999, 3_000);
  expect(clock.now(2_000)).toBe(7_000);
});
