import { strategies, type Strategy, type StrategyName } from '@trm/client';

/** From the most defensive to the most aggressive: the order of bars and lanes, which never changes. */
export const byRisk: readonly Strategy[] = [...strategies].sort((a, b) => a.benchmarkPercent - b.benchmarkPercent);

/** A strategy's place in {@link byRisk}, by its id. */
export const riskRank: readonly number[] = strategies.map((strategy) => byRisk.indexOf(strategy));

/** For the narrow axis of a chart. */
export const shortName: Record<StrategyName, string> = {
  ultra_defensive: 'Ultra def.',
  defensive: 'Defensive',
  balanced_safe: 'Bal. safe',
  balanced_growth: 'Bal. growth',
  tactical_opportunity: 'Tactical',
  balanced_aggressive: 'Bal. aggr.',
  max_growth: 'Max growth',
  aggressive_growth: 'Aggr. growth',
};

/** The style sheet's colour of a strategy. */
export function strategyColour(rank: number): string {
  return `var(--strategy-${rank})`;
}
