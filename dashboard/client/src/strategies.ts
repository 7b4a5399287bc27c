import type { StrategyName } from './messages.ts';

/** A strategy and what it holds, in percent of the whole. */
export interface Strategy {
  id: number;
  name: StrategyName;
  benchmarkPercent: number;
  bondPercent: number;
  cashPercent: number;
}

/** The eight, in order of their ids. */
export const strategies: readonly Strategy[] = [
  strategy(0, 'ultra_defensive', 20, 50, 30),
  strategy(1, 'defensive', 40, 30, 30),
  strategy(2, 'balanced_safe', 60, 20, 20),
  strategy(3, 'balanced_growth', 70, 20, 10),
  strategy(4, 'balanced_aggressive', 80, 15, 5),
  strategy(5, 'aggressive_growth', 90, 10, 0),
  strategy(6, 'max_growth', 85, 15, 0),
  strategy(7, 'tactical_opportunity', 75, 25, 0),
];

function strategy(id: number, name: StrategyName, benchmarkPercent: number, bondPercent: number, cashPercent: number): Strategy {
  return { id, name, benchmarkPercent, bondPercent, cashPercent };
}
