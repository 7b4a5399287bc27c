import { sparkline } from '../charts/sparkline.ts';
import { h, panel, setAttribute, setText, setVariable, type View } from '../dom.ts';
import { appearanceOf, featureNames, outOfRange } from '../features.ts';
import { signed } from '../format.ts';
import { Pace } from '../pace.ts';
import type { Point } from '../point.ts';
import type { Store } from '../store.ts';

const sparkPoints = 120;
/** Milliseconds between two drawings of the sparklines at least. */
const drawEvery = 250;

/** The ten features that the model saw: value, distance from what it was trained on, and the last while. */
export function inputs(store: Store): View {
  const body = h('tbody');
  const drift = h('p', { class: 'drift', 'data-testid': 'drift', hidden: true });
  const element = panel(
    'inputs',
    'Market inputs',
    { class: 'panel inputs' },
    drift,
    h(
      'table',
      { 'data-testid': 'inputs' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, 'Feature'),
          h('th', { scope: 'col', class: 'number' }, 'Value'),
          h('th', { scope: 'col', class: 'number', title: 'Standard deviations from the mean of training' }, 'z'),
          h('th', { scope: 'col' }, h('span', { class: 'hidden' }, 'z as a bar')),
          h('th', { scope: 'col' }, `Last ${sparkPoints}`),
        ),
      ),
      body,
    ),
  );
  let rows: ReturnType<typeof row>[] = [];
  let shown = '';
  const pace = new Pace(drawEvery, store.changed);

  return {
    element,
    render() {
      const names = store.model?.feature_names ?? featureNames;
      if (names.join() !== shown) {
        shown = names.join();
        rows = names.map((name, index) => row(name, index));
        body.replaceChildren(...rows.map((each) => each.element));
      }
      for (const each of rows) each.render(store);
      if (pace.isDue()) {
        const points = store.focused?.series.newest(sparkPoints) ?? [];
        for (const each of rows) each.draw(points);
      }
      renderDrift(drift, store);
    },
  };
}

function row(name: string, index: number) {
  const { label, meaning, show } = appearanceOf(name);
  const value = h('td', { class: 'number' });
  const z = h('td', { class: 'number' });
  const bar = h('div', { class: 'z-bar', 'aria-hidden': 'true' }, h('div', { class: 'fill' }));
  const spark = sparkline();
  const remark = h('span', { class: 'remark' });
  const element = h(
    'tr',
    { 'data-testid': `feature-${name}` },
    h('th', { scope: 'row', title: meaning }, label, remark),
    value,
    z,
    h('td', {}, bar),
    h('td', {}, spark.element),
  );
  let isOut = false;
  return {
    element,
    render({ focus }: Store): void {
      const raw = focus?.latest?.raw_features[index];
      const score = focus?.latest?.normalized_features[index];
      setText(value, raw === undefined ? '–' : show(raw));
      setAttribute(value, 'title', raw ?? '');
      setText(z, score === undefined ? '–' : signed(score, 2));
      isOut = score !== undefined && Math.abs(score) > outOfRange;
      setAttribute(element, 'data-raw', raw ?? '');
      setAttribute(element, 'data-z', score ?? '');
      setAttribute(element, 'data-out-of-range', String(isOut));
      setVariable(bar, '--z', Math.max(-1, Math.min(1, (score ?? 0) / outOfRange)));
      const isProxy = focus?.latest?.proxies?.includes(name) ?? false;
      setText(remark, [isOut ? 'out of range' : '', isProxy ? 'proxy' : ''].filter(Boolean).join(', '));
    },
    draw(points: readonly Point[]): void {
      const values = points.map((point) => point.raw[index]!);
      spark.draw(values, isOut ? '--warn' : '--accent');
      setAttribute(
        spark.element,
        'aria-label',
        values.length === 0
          ? `${label}, no values yet`
          : `${label}, ${values.length} values from ${show(Math.min(...values))} to ${show(Math.max(...values))}`,
      );
    },
  };
}

function renderDrift(element: HTMLElement, { focused }: Store): void {
  const drift = focused?.summary?.drift;
  element.hidden = !drift;
  if (!drift) return;
  setAttribute(element, 'data-warnings', drift.warnings.join());
  const told = drift.warnings.map((name) => `${appearanceOf(name).label} (${(drift.features[name] ?? 0).toFixed(2)})`).join(', ');
  setText(
    element,
    drift.warnings.length === 0
      ? `Over the last ${drift.sessions} sessions the inputs are like those of training.`
      : `Drift: over the last ${drift.sessions} sessions ${told} ${drift.warnings.length === 1 ? 'is' : 'are'} unlike in training.`,
  );
  setAttribute(element, 'title', `Population stability index; above ${drift.threshold} is drift`);
}
