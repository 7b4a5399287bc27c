import type { Prediction } from '@trm/client';
import { h, panel, setText, setVariable, type View } from '../dom.ts';
import { recentLimit, type FocusedMarket } from '../focused.ts';
import { count, inOtherZones, instant, percent, words } from '../format.ts';
import { Pace } from '../pace.ts';
import type { Store } from '../store.ts';
import { riskRank, strategyColour } from '../strategies.ts';
import { csvDownload } from './csvDownload.ts';

/** Rows that follow twenty updates a second cannot be read. */
const drawEvery = 500;

/** The log, newest first, page by page; and all of the chosen range as a file. */
export function table(store: Store): View {
  const body = h('tbody');
  const newer = h('button', { type: 'button', 'data-testid': 'history-newer', onclick: () => void turn('newer') }, '‹ Newer');
  const older = h('button', { type: 'button', 'data-testid': 'history-older', onclick: () => void turn('older') }, 'Older ›');
  const newest = h('button', { type: 'button', 'data-testid': 'history-newest', onclick: () => show(undefined) }, 'Newest');
  const position = h('span', { class: 'position' });
  const csv = csvDownload(store);
  const element = panel(
    'history',
    'History',
    { class: 'panel history' },
    h('div', { class: 'controls' }, newest, newer, older, position, h('span', { class: 'space' }), csv.element),
    h(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'History table' },
      h('table', { 'data-testid': 'history-table' }, h('thead', {}, h('tr', {}, ...columns.map(heading))), body),
    ),
  );
  /** A page that was turned to; undefined is the newest, which follows the market. */
  let page: Prediction[] | undefined;
  let owner: FocusedMarket | undefined;
  const pace = new Pace(drawEvery, store.changed);
  let shownLast: Prediction | undefined | null = null;

  async function turn(to: 'newer' | 'older'): Promise<void> {
    const { focused } = store;
    const rows = page ?? focused?.recent;
    const first = rows?.[0]?.sequence;
    const last = rows?.at(-1)?.sequence;
    if (!focused || first === undefined || last === undefined) return;
    const before = to === 'older' ? first : last + 1 + recentLimit;
    const isNewest = to === 'newer' && before > (focused.series.last?.sequence ?? 0);
    show(isNewest ? undefined : await focused.log.before(before, recentLimit).catch(() => page));
  }

  function show(rows: Prediction[] | undefined): void {
    page = rows;
    pace.hurry();
  }

  return {
    element,
    render() {
      const { focused } = store;
      csv.render();
      if (owner !== focused) {
        [owner, page] = [focused, undefined];
        pace.hurry();
      }
      if (!pace.isDue()) return;
      const rows = page ?? focused?.recent ?? [];
      newest.disabled = newer.disabled = page === undefined;
      older.disabled = rows.length === 0 || rows[0]!.sequence <= 1;
      setText(
        position,
        rows.length === 0
          ? ''
          : page
            ? `${count(rows[0]!.sequence)} to ${count(rows.at(-1)!.sequence)}`
            : 'The newest, as they come',
      );
      if (rows.at(-1) === shownLast && rows.length === body.rows.length) return;
      shownLast = rows.at(-1);
      const zone = store.focus?.info?.time_zone;
      body.replaceChildren(
        ...(rows.length === 0
          ? [h('tr', {}, h('td', { class: 'empty', colspan: String(columns.length) }, 'No history yet'))]
          : rows.toReversed().map((prediction) => line(prediction, zone))),
      );
    },
  };
}

interface Column {
  label: string;
  isNumber?: boolean;
  /** @param zone The market's. */
  cell: (prediction: Prediction, zone: string | undefined) => string | HTMLElement;
}

const columns: readonly Column[] = [
  { label: 'Sequence', isNumber: true, cell: (prediction) => count(prediction.sequence) },
  { label: 'Strategy', cell: (prediction) => strategy(prediction) },
  { label: 'Confidence', isNumber: true, cell: (prediction) => percent(prediction.confidence) },
  { label: 'Halt', isNumber: true, cell: (prediction) => percent(prediction.halt_probability) },
  { label: 'As of', cell: (prediction, zone) => time(prediction.as_of, zone) },
  { label: 'Predicted', cell: (prediction, zone) => time(prediction.timestamp, zone) },
  { label: 'Quality', isNumber: true, cell: (prediction) => percent(prediction.quality, 0) },
  { label: 'Source', cell: (prediction) => prediction.source },
  { label: 'Model', cell: ({ model_version }) => h('div', { class: 'ellipsis', title: model_version }, model_version) },
];

function heading({ label, isNumber }: Column): HTMLElement {
  return h('th', { scope: 'col', class: isNumber ? 'number' : undefined }, label);
}

function line(prediction: Prediction, zone: string | undefined): HTMLElement {
  const cells = columns.map(({ isNumber, cell }) => h('td', { class: isNumber ? 'number' : undefined }, cell(prediction, zone)));
  return h('tr', { 'data-sequence': String(prediction.sequence) }, ...cells);
}

function strategy({ strategy_id, strategy_name }: Prediction): HTMLElement {
  const name = h('span', { class: 'swatch' }, words(strategy_name));
  setVariable(name, '--colour', strategyColour(riskRank[strategy_id]!));
  return name;
}

function time(text: string, zone: string | undefined): HTMLElement {
  const instantOf = Date.parse(text);
  return h('time', { datetime: text, title: inOtherZones(instantOf, zone) }, instant(instantOf));
}
