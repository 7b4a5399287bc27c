import { strategies, type Prediction } from '@trm/client';

/** What charts and sparklines need of a prediction; a hundred bytes or so instead of two thousand. */
export interface Point {
  /** Of the prediction, or of the first of those that were folded into one. */
  sequence: number;
  /** How many predictions it stands for. */
  count: number;
  /** When it was made, in seconds since 1970. */
  time: number;
  /** The instant its bars speak of, in seconds since 1970. */
  asOf: number;
  /** By id. */
  strategy: number;
  confidence: number;
  /** The lowest and highest confidence of those it stands for. */
  low: number;
  high: number;
  halt: number;
  /** In order of the strategies' ids. */
  probabilities: readonly number[];
  raw: readonly number[];
  z: readonly number[];
}

export function pointOf(prediction: Prediction): Point {
  return {
    sequence: prediction.sequence,
    count: 1,
    time: Date.parse(prediction.timestamp) / 1000,
    asOf: Date.parse(prediction.as_of) / 1000,
    strategy: prediction.strategy_id,
    confidence: prediction.confidence,
    low: prediction.confidence,
    high: prediction.confidence,
    halt: prediction.halt_probability,
    probabilities: strategies.map((strategy) => prediction.probabilities[strategy.name]),
    raw: prediction.raw_features,
    z: prediction.normalized_features,
  };
}

/**
 * One point for neighbours: extremes are kept, the rest are means weighted by how many each stands for, and the strategy is
 * the one with the highest mean probability.
 */
export function fold(points: readonly Point[]): Point {
  const first = points[0]!;
  const count = points.reduce((sum, point) => sum + point.count, 0);
  const mean = (of: (point: Point) => number) => points.reduce((sum, point) => sum + of(point) * point.count, 0) / count;
  const probabilities = first.probabilities.map((_, id) => mean((point) => point.probabilities[id]!));
  return {
    sequence: first.sequence,
    count,
    time: first.time,
    asOf: first.asOf,
    strategy: probabilities.indexOf(Math.max(...probabilities)),
    confidence: mean((point) => point.confidence),
    low: Math.min(...points.map((point) => point.low)),
    high: Math.max(...points.map((point) => point.high)),
    halt: mean((point) => point.halt),
    probabilities,
    raw: first.raw,
    z: first.z,
  };
}
