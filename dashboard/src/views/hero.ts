import { strategies, type Prediction } from '@trm/client';
import { forget, h, panel, setAttribute, setText, setVariable, type View } from '../dom.ts';
import { count, duration, inOtherZones, instant, percent, words } from '../format.ts';
import { overdueAfter } from '../freshness.ts';
import type { Store } from '../store.ts';
import { riskRank, strategyColour } from '../strategies.ts';

/** What the model says now, and how sure it is. */
export function hero(store: Store): View {
  const name = h('p', { class: 'strategy', 'data-testid': 'strategy-name' });
  const held = h('p', { class: 'held' });
  const confidence = figure('Confidence', 'confidence', 'Probability of the strategy');
  const lead = figure('Lead', 'lead', 'Over the second most probable strategy, in percentage points');
  const halt = figure('Halt probability', 'halt', 'Probability that the model would stop refining its answer here');
  const allocation = allocationBar(store);
  const asOf = h('time', { 'data-testid': 'as-of' });
  const age = h('span');
  const element = panel(
    'hero',
    'Current strategy',
    { class: 'panel hero' },
    name,
    held,
    h('dl', { class: 'figures' }, confidence.element, lead.element, halt.element),
    allocation.element,
    h('p', { class: 'as-of' }, 'Market as of ', asOf, ', ', age),
  );

  return {
    element,
    render() {
      const { focus, focused } = store;
      const latest = focus?.latest;
      setAttribute(element, 'data-empty', latest === undefined);
      if (!latest) {
        setText(name, emptyText(store));
        setText(held, '');
        for (const each of [name, asOf, age, confidence.value, lead.value, halt.value]) forget(each);
        return;
      }
      const ordered = Object.values(latest.probabilities).sort((a, b) => b - a);
      const rank = riskRank[latest.strategy_id]!;
      setVariable(element, '--colour', strategyColour(rank));
      setText(name, words(latest.strategy_name));
      setAttribute(name, 'data-strategy', latest.strategy_name);
      const since = focused?.heldSince;
      setText(held, since ? holding(since, latest) : '');
      confidence.set(percent(latest.confidence), latest.confidence);
      lead.set(`${((ordered[0]! - ordered[1]!) * 100).toFixed(1)} pp`, ordered[0]! - ordered[1]!);
      halt.set(percent(latest.halt_probability), latest.halt_probability);
      allocation.render();
      const time = Date.parse(latest.as_of);
      setText(asOf, instant(time));
      const isOverdue = overdueAfter(store) !== undefined;
      setText(age, `predicted ${duration(store.serverNow() - Date.parse(latest.timestamp))} ago${isOverdue ? ', overdue' : ''}`);
      setAttribute(age, 'data-overdue', isOverdue);
      setAttribute(asOf, 'datetime', latest.as_of);
      setAttribute(asOf, 'title', inOtherZones(time, focus.info?.time_zone));
    },
  };
}

function holding(since: Prediction, latest: Prediction): string {
  const length = latest.sequence - since.sequence + 1;
  if (length === 1) return 'New with this prediction';
  // A replay's time of day says nothing.
  const start = Date.parse(latest.source === 'replay' ? since.as_of : since.timestamp);
  return `Unchanged for ${count(length)} predictions, since ${instant(start)}`;
}

function emptyText({ connectionState, focus }: Store): string {
  if (focus?.error) return 'No prediction';
  return connectionState.kind === 'open' ? 'Waiting for the first prediction' : 'No prediction yet';
}

function figure(label: string, id: string, title: string) {
  const value = h('dd', { 'data-testid': id });
  return {
    value,
    element: h('div', { title }, h('dt', {}, label), value),
    set(text: string, number: number): void {
      setText(value, text);
      setAttribute(value, 'data-value', number);
    },
  };
}

/** What the strategy holds, as one bar. Patterns tell the parts apart where colours do not. */
function allocationBar(store: Store): View {
  const parts = (['benchmark', 'bond', 'cash'] as const).map((kind) => ({
    kind,
    label: h('span'),
    bar: h('div', { class: `part ${kind}` }),
    key: h('span', { class: `key ${kind}` }),
  }));
  const bar = h('div', { class: 'allocation', role: 'img', 'data-testid': 'allocation' }, ...parts.map((part) => part.bar));
  const legend = h(
    'div',
    { class: 'allocation-legend', 'aria-hidden': 'true' },
    ...parts.map((part) => h('span', {}, part.key, part.label)),
  );
  return {
    element: h('div', {}, bar, legend),
    render() {
      const { focus } = store;
      const strategy = strategies[focus!.latest!.strategy_id]!;
      const shares = { benchmark: strategy.benchmarkPercent, bond: strategy.bondPercent, cash: strategy.cashPercent };
      const names = { benchmark: focus!.info?.benchmark ?? 'SPY', bond: focus!.info?.bond ?? 'TLT', cash: 'Cash' };
      for (const { kind, label, bar: part } of parts) {
        setVariable(part, '--share', shares[kind]);
        setAttribute(bar, `data-${kind}`, shares[kind]);
        setText(label, `${names[kind]} ${shares[kind]} %`);
      }
      setAttribute(bar, 'aria-label', parts.map(({ kind }) => `${names[kind]} ${shares[kind]} percent`).join(', '));
    },
  };
}
