import type { Prediction } from '@trm/client';
import type { Point } from './point.ts';
import type { Store } from './store.ts';

/** Points that tell how often predictions come. */
const lookedAt = 20;
/** A server may take this long without being late, however often it predicts; milliseconds. */
const patience = 10_000;

/** Below this share of inputs that are there and fresh a prediction says little. */
const trusted = 0.5;

/** Whether so few of a prediction's inputs were there and fresh that it is not to be trusted. */
export function isPoor(prediction: Prediction | undefined): boolean {
  return prediction !== undefined && prediction.quality < trusted;
}

/** The usual time between two predictions in milliseconds: the median over the newest; undefined while there are too few. */
export function usualInterval(points: readonly Point[]): number | undefined {
  if (points.length < 3) return undefined;
  const intervals = points
    .slice(1)
    .map((point, i) => (point.time - points[i]!.time) * 1000)
    .sort((a, b) => a - b);
  return intervals[intervals.length >> 1];
}

/** The usual interval when the next prediction of the market in focus should be here by now; undefined while all is well. */
export function overdueAfter({ focus, focused, serverNow }: Store): number | undefined {
  const usual = usualInterval(focused?.series.newest(lookedAt) ?? []);
  if (!focus?.latest || usual === undefined) return undefined;
  return serverNow() - Date.parse(focus.latest.timestamp) > 3 * usual + patience ? usual : undefined;
}
