import { strategies, type Outcome, type Outcomes, type OutcomeStatistics } from '@trm/client';
import { calibrationPlot } from '../charts/calibration.ts';
import { colourOf } from '../charts/colours.ts';
import { timeChart, xAxis, yAxis } from '../charts/timeChart.ts';
import { h, panel, setAttribute, setText, type View } from '../dom.ts';
import { percent, signed, words } from '../format.ts';
import type { Store } from '../store.ts';

/** Sessions that the running hit rate looks back over. */
const window = 63;
/** Of one who guesses. */
const chance = 1 / strategies.length;

/** Whether the model has been right. Hidden where the server keeps no outcomes. */
export function outcomes(store: Store): View {
  const facts = h('dl', { class: 'figures small' });
  const empty = h('p', { class: 'empty' }, 'No outcome yet: the first comes when the horizon of a prediction is over.');
  const hitRate = timeChart(140, {
    series: [
      {},
      { stroke: () => colourOf('--accent'), width: 1.5, points: { show: false } },
      { stroke: () => colourOf('--quiet'), dash: [4, 3], width: 1, points: { show: false } },
    ],
    scales: { y: { range: (_, __, high) => [0, Math.max(0.4, high)] } },
    axes: [xAxis(), yAxis({ values: (_, splits) => splits.map((value) => percent(value, 0)), size: 46 })],
  });
  const utility = timeChart(140, {
    series: [
      {},
      { stroke: () => colourOf('--accent'), width: 1.5, points: { show: false } },
      { stroke: () => colourOf('--quiet'), dash: [4, 3], width: 1, points: { show: false } },
    ],
    scales: { y: {} },
    axes: [
      xAxis(),
      yAxis({
        values: (_, splits, __, ___, step) => splits.map((value) => signed(value, Math.max(0, Math.ceil(-Math.log10(step))))),
        size: 52,
      }),
    ],
  });
  const calibration = calibrationPlot();
  const best = h('span');
  const plots = h(
    'div',
    { class: 'plots' },
    plot('Hit rate', `over ${window} sessions; dashed: chance, ${percent(chance)}`, 'outcomes-hit-rate', hitRate.element),
    plot('Calibration', 'hit rate by confidence; on the line is right', 'outcomes-calibration', calibration.element),
    plot('Realised utility, summed', best, 'outcomes-utility', utility.element),
  );
  const element = panel(
    'outcomes',
    'Outcomes',
    { class: 'panel outcomes', 'data-testid': 'outcomes', hidden: true },
    facts,
    empty,
    plots,
  );
  let shown: Outcomes | null | undefined;

  return {
    element,
    render() {
      const current = store.focused?.outcomes;
      if (current === shown) return;
      shown = current;
      element.hidden = !current;
      if (!current) return;
      // An older model's record says nothing of the newest.
      const version = current.outcomes.at(-1)?.model_version;
      const rows = current.outcomes.filter((outcome) => outcome.model_version === version);
      const statistics = current.statistics.find((each) => each.model_version === version);
      empty.hidden = rows.length > 0;
      plots.hidden = facts.hidden = rows.length === 0 || !statistics;
      setAttribute(element, 'data-sessions', statistics?.sessions ?? 0);
      setAttribute(element, 'data-hit-rate', statistics?.hit_rate ?? '');
      if (!statistics || rows.length === 0) return;

      facts.replaceChildren(...figures(statistics));
      calibration.show(statistics.reliability);
      const times = rows.map((outcome) => Date.parse(outcome.session) / 1000);
      const [from, to] = [times[0]!, times.at(-1)!];
      hitRate.show([times, rollingHitRate(rows), times.map(() => chance)], from, to);
      const constant = statistics.best_constant?.strategy_name;
      setText(best, constant ? `dashed: always ${words(constant).toLowerCase()}, the best in hindsight` : '');
      utility.show(
        [
          times,
          running(rows, (row) => row.utilities[row.strategy_name]),
          constant ? running(rows, (row) => row.utilities[constant]) : times.map(() => null),
        ],
        from,
        to,
      );
    },
  };
}

function plot(title: string, note: string | HTMLElement, id: string, content: HTMLElement): HTMLElement {
  return h(
    'figure',
    { 'data-testid': id },
    h('figcaption', {}, h('strong', {}, title), ' ', h('span', { class: 'note' }, note)),
    content,
  );
}

function figures(statistics: OutcomeStatistics): HTMLElement[] {
  const figure = (label: string, value: string, title: string) => h('div', { title }, h('dt', {}, label), h('dd', {}, value));
  return [
    figure('Hit rate', percent(statistics.hit_rate), `The most probable strategy was the best; chance is ${percent(chance)}`),
    figure(
      'Top 3',
      percent(statistics.top3_rate),
      `The best was among the three most probable; chance is ${percent(3 * chance)}`,
    ),
    figure('Log loss', statistics.log_loss.toFixed(3), `Of one who calls all equal: ${Math.log(strategies.length).toFixed(3)}`),
    figure('Calibration error', percent(statistics.calibration_error), 'Mean distance of confidence from hit rate'),
    figure(
      'Mean utility',
      signed(statistics.realised_utility, 4),
      statistics.best_constant
        ? `Of always ${words(statistics.best_constant.strategy_name).toLowerCase()}, the best in hindsight: ${signed(statistics.best_constant.utility, 4)}`
        : 'Of the strategies predicted',
    ),
    figure('Mean return', `${signed(statistics.realised_return * 100, 2)} %`, 'Of the strategies predicted, over their horizons'),
    figure(
      'Sessions',
      String(statistics.sessions),
      `The newest of model ${statistics.model_version}, ${statistics.window_sessions} at most`,
    ),
  ];
}

/** The share of hits in the last sessions, from the first full window on. */
export function rollingHitRate(rows: readonly Outcome[]): (number | null)[] {
  let hits = 0;
  const full = Math.min(window, rows.length);
  return rows.map((row, i) => {
    hits += Number(row.hit) - Number(i >= full && rows[i - full]!.hit);
    return i + 1 >= full ? hits / full : null;
  });
}

function running(rows: readonly Outcome[], of: (row: Outcome) => number): number[] {
  let sum = 0;
  return rows.map((row) => (sum += of(row)));
}
