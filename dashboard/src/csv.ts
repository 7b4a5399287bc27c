import { strategies, type Prediction } from '@trm/client';

/** The header of a file of predictions. */
export function csvHeader(features: readonly string[]): string {
  return (
    [
      'sequence',
      'timestamp',
      'as_of',
      'strategy_id',
      'strategy_name',
      'confidence',
      'halt_probability',
      ...strategies.map((strategy) => `probability_${strategy.name}`),
      ...features,
      ...features.map((name) => `${name}_z`),
      'quality',
      'staleness_seconds',
      'source',
      'model_version',
      'feature_set',
      'market',
      'epoch',
      'trace_id',
    ]
      .map(cell)
      .join(',') + '\r\n'
  );
}

/** Predictions as lines, in the header's order. */
export function csvRows(predictions: readonly Prediction[]): string {
  return predictions
    .map(
      (p) =>
        [
          p.sequence,
          p.timestamp,
          p.as_of,
          p.strategy_id,
          p.strategy_name,
          p.confidence,
          p.halt_probability,
          ...strategies.map((strategy) => p.probabilities[strategy.name]),
          ...p.raw_features,
          ...p.normalized_features,
          p.quality,
          p.staleness_seconds ?? '',
          p.source,
          p.model_version,
          p.feature_set,
          p.market,
          p.epoch,
          p.trace_id,
        ]
          .map(cell)
          .join(',') + '\r\n',
    )
    .join('');
}

// RFC 4180; and a text that a spreadsheet would run as a formula is told to be text.
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
