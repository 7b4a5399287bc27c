import { fixed, percent, signed } from './format.ts';

/** Names in the order of `raw_features`; a server that has a model tells them too. */
export const featureNames: readonly string[] = [
  'vix',
  'spy_returns_5d',
  'spy_returns_20d',
  'volume_ratio',
  'market_breadth',
  'correlation',
  'put_call_ratio',
  'gini_coefficient',
  'sector_dispersion',
  'signal_quality',
];

/** Beyond this many standard deviations from the mean of training the model has seen next to nothing. */
export const outOfRange = 3;

interface Appearance {
  label: string;
  /** What the number means, for the one who hovers. */
  meaning: string;
  show: (value: number) => string;
}

const signedPercent = (value: number) => `${signed(value * 100, 2)} %`;

const known: Record<string, Appearance> = {
  vix: { label: 'VIX', meaning: 'Close of the volatility index, in points', show: (v) => fixed(v, 2) },
  spy_returns_5d: { label: 'Return, 5 sessions', meaning: 'Of the benchmark, close to close', show: signedPercent },
  spy_returns_20d: { label: 'Return, 20 sessions', meaning: 'Of the benchmark, close to close', show: signedPercent },
  volume_ratio: {
    label: 'Volume ratio',
    meaning: 'Volume over the mean of the 20 sessions before, mean over symbols',
    show: (v) => `${fixed(v, 2)} ×`,
  },
  market_breadth: { label: 'Breadth', meaning: 'Share of symbols with a positive return', show: (v) => percent(v) },
  correlation: {
    label: 'Correlation',
    meaning: 'Mean pairwise correlation of returns over 60 sessions',
    show: (v) => signed(v, 3),
  },
  put_call_ratio: {
    label: 'Put/call ratio',
    meaning: 'Puts over calls; VIX / 20 where no feed supplies it',
    show: (v) => fixed(v, 3),
  },
  gini_coefficient: {
    label: 'Gini coefficient',
    meaning: 'How unequally returns are spread over symbols, 0 to 1',
    show: (v) => fixed(v, 3),
  },
  sector_dispersion: { label: 'Dispersion', meaning: 'Standard deviation of returns across symbols', show: (v) => percent(v, 2) },
  signal_quality: {
    label: 'Signal quality',
    meaning: 'Share of the inputs that are there and fresh',
    show: (v) => percent(v, 0),
  },
};

/** How a feature is shown; one that this page does not know is shown as it is. */
export function appearanceOf(name: string): Appearance {
  return known[name] ?? { label: name, meaning: name, show: (v) => fixed(v, 4) };
}
