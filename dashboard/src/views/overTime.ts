import { strategies } from '@trm/client';
import { confidenceChart } from '../charts/confidenceChart.ts';
import { lanes } from '../charts/lanes.ts';
import { h, panel, setAttribute, setText, type View } from '../dom.ts';
import { count, inOtherZones, instant, percent, words } from '../format.ts';
import type { FocusedMarket } from '../focused.ts';
import { Pace } from '../pace.ts';
import type { Point } from '../point.ts';
import type { Store } from '../store.ts';
import { rangeControls } from './rangeControls.ts';

/** Charts are drawn this often at most; twenty updates a second look no different at four. */
const drawEvery = 250;

/** Strategies, confidence and halt probability over a range of time. Dragging over either chart zooms both. */
export function overTime(store: Store): View {
  const zoom = (from: number, to: number) => void store.focused?.history.choose({ kind: 'between', from, to });
  const sync = 'over-time';
  const strip = lanes(172, sync, zoom);
  const lines = confidenceChart(150, sync, zoom);
  const controls = rangeControls(store);
  const status = h('p', { class: 'chart-status' });
  const charts = h('div', { class: 'charts', role: 'img', 'data-testid': 'history-chart' }, strip.element, lines.element);
  const reading = h('p', { class: 'reading', 'aria-hidden': 'true' });
  const element = panel(
    'over-time',
    'Strategy over time',
    { class: 'panel over-time' },
    controls.element,
    charts,
    h('p', { class: 'empty' }, 'No history yet.'),
    h(
      'div',
      { class: 'legend' },
      h('span', { class: 'chosen' }, 'chosen strategy'),
      h('span', { class: 'line' }, 'confidence'),
      h('span', { class: 'dashed' }, 'halt probability'),
      reading,
    ),
    status,
  );
  let shown: Point[] = [];
  const pace = new Pace(drawEvery, store.changed);

  charts.addEventListener('pointermove', (event) => read(event));
  charts.addEventListener('pointerleave', () => setText(reading, ''));

  function read(event: PointerEvent): void {
    const { focused, focus } = store;
    const over = charts.querySelector<HTMLElement>('.u-over')?.getBoundingClientRect();
    if (!focused || !over || shown.length === 0) return;
    const [from, to] = extent(focused, shown);
    const time = from + ((event.clientX - over.left) / over.width) * (to - from);
    const point = shown.findLast((each) => focused.history.timeOf(each) <= time) ?? shown[0]!;
    setText(reading, told(point));
    setAttribute(charts, 'title', inOtherZones(focused.history.timeOf(point) * 1000, focus?.info?.time_zone));
  }

  function draw(): void {
    const { focused } = store;
    shown = focused?.history.points() ?? [];
    if (focused && shown.length > 0) {
      const { timeOf } = focused.history;
      const times = shown.map(timeOf);
      const [from, to] = extent(focused, shown);
      strip.points = shown;
      strip.timeOf = timeOf;
      strip.show([times, times.map(() => null)], from, to);
      lines.show(
        [times, shown.map((p) => p.low), shown.map((p) => p.high), shown.map((p) => p.confidence), shown.map((p) => p.halt)],
        from,
        to,
      );
    }
    describe(charts, shown, focused);
    setAttribute(element, 'data-empty', shown.length === 0);
  }

  return {
    element,
    render() {
      controls.render();
      const history = store.focused?.history;
      setText(
        status,
        history?.problem
          ? `The history could not be read: ${history.problem}`
          : history?.isBusy
            ? 'Reading the log …'
            : sampling(shown),
      );
      setAttribute(status, 'data-problem', history?.problem !== undefined);
      if (pace.isDue()) draw();
    },
  };
}

/** One point in words, for the one who hovers. */
function told(point: Point): string {
  return [
    `#${count(point.sequence)}`,
    instant(point.time * 1000),
    `as of ${instant(point.asOf * 1000)}`,
    `${words(strategies[point.strategy]!.name)} ${percent(point.confidence)}`,
    `halt ${percent(point.halt)}`,
  ].join(' · ');
}

/** The stretch that is shown: a zoom as it was asked for, else from the first point to the last. */
function extent({ history }: FocusedMarket, points: readonly Point[]): [number, number] {
  if (history.range.kind === 'between') return [history.range.from, history.range.to];
  return [history.timeOf(points[0]!), history.timeOf(points.at(-1)!)];
}

function sampling(points: readonly Point[]): string {
  const many = Math.max(1, ...points.map((point) => point.count));
  return many > 1 ? `Older predictions are drawn one for every ${count(many)}. Zoom in for each of them.` : '';
}

function describe(charts: HTMLElement, points: readonly Point[], focused: FocusedMarket | undefined): void {
  const first = points[0];
  const last = points.at(-1);
  setAttribute(charts, 'data-count', points.length);
  setAttribute(charts, 'data-first-sequence', first?.sequence ?? '');
  setAttribute(charts, 'data-last-sequence', last ? last.sequence + last.count - 1 : '');
  setAttribute(charts, 'data-holes', focused?.series.holes ?? 0);
  setAttribute(charts, 'data-epoch', focused?.epoch ?? '');
  if (!first || !last) return setAttribute(charts, 'aria-label', 'No history yet');
  const changes = points.filter((point, i) => i > 0 && point.strategy !== points[i - 1]!.strategy).length;
  const low = percent(Math.min(...points.map((point) => point.low)));
  const high = percent(Math.max(...points.map((point) => point.high)));
  const parts = [
    `${points.length} points from ${instant(first.time * 1000)} to ${instant(last.time * 1000)}`,
    `${changes} changes of strategy, now ${words(strategies[last.strategy]!.name)}`,
    `confidence from ${low} to ${high}`,
  ];
  setAttribute(charts, 'aria-label', `${parts.join('; ')}. The table below has the numbers.`);
}
