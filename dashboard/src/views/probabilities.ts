import { h, panel, setAttribute, setText, setVariable, type View } from '../dom.ts';
import { percent, words } from '../format.ts';
import type { Store } from '../store.ts';
import { byRisk, strategyColour } from '../strategies.ts';

/** The eight, always in the same order, from the most defensive to the most aggressive. */
export function probabilities(store: Store): View {
  const rows = byRisk.map((strategy, rank) => {
    const value = h('span', { class: 'value' });
    const leader = h('span', { class: 'leader' });
    const fill = h('div', { class: 'fill' });
    const element = h(
      'li',
      {
        class: 'probability',
        'data-testid': `probability-${strategy.name}`,
        title: `${strategy.benchmarkPercent} / ${strategy.bondPercent} / ${strategy.cashPercent} % benchmark, bond, cash`,
      },
      leader,
      h('span', { class: 'name' }, words(strategy.name)),
      h('div', { class: 'track', 'aria-hidden': 'true' }, fill),
      value,
    );
    setVariable(element, '--colour', strategyColour(rank));
    return { strategy, element, value, leader, fill };
  });
  const element = panel(
    'probabilities',
    'Probabilities',
    { class: 'panel probabilities' },
    h(
      'ol',
      { 'data-testid': 'probabilities', 'aria-label': 'Strategies from the most defensive to the most aggressive' },
      ...rows.map((row) => row.element),
    ),
    h('p', { class: 'note' }, 'Scale to 50 %; the line is 12.5 %, where all eight are equal.'),
  );

  return {
    element,
    render() {
      const latest = store.focus?.latest;
      for (const { strategy, element: row, value, leader, fill } of rows) {
        const share = latest?.probabilities[strategy.name] ?? 0;
        const leads = latest?.strategy_id === strategy.id;
        setAttribute(row, 'data-value', share);
        setAttribute(row, 'data-leader', String(leads));
        setText(leader, leads ? '▸' : '');
        setText(value, latest ? percent(share) : '–');
        // Beyond the scale the bar is full; the number says how much.
        setVariable(fill, '--length', Math.min(1, share * 2));
      }
    },
  };
}
