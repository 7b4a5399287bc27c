import type { Prediction } from '@trm/client';
import { csvHeader, csvRows } from '../csv.ts';
import { h, panel, setAttribute, setText, setVariable, type View } from '../dom.ts';
import { featureNames } from '../features.ts';
import { recentLimit, type FocusedMarket } from '../focused.ts';
import { count, inOtherZones, instant, percent, words } from '../format.ts';
import { Pace } from '../pace.ts';
import type { Store } from '../store.ts';
import { riskRank, strategyColour } from '../strategies.ts';

/** Rows that follow twenty updates a second cannot be read. */
const drawEvery = 500;

/** The log, newest first, page by page; and all of the chosen range as a file. */
export function table(store: Store): View {
  const body = h('tbody');
  const newer = h('button', { type: 'button', 'data-testid': 'history-newer', onclick: () => void turn('newer') }, '‹ Newer');
  const older = h('button', { type: 'button', 'data-testid': 'history-older', onclick: () => void turn('older') }, 'Older ›');
  const newest = h('button', { type: 'button', 'data-testid': 'history-newest', onclick: () => show(undefined) }, 'Newest');
  const position = h('span', { class: 'position' });
  const csv = download(store);
  const element = panel('history', 'History', { class: 'panel history' },
    h('div', { class: 'controls' }, newest, newer, older, position, h('span', { class: 'space' }), csv.element),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'History table' },
      h('table', { 'data-testid': 'history-table' },
        h('thead', {}, h('tr', {},
          ...['Sequence', 'Strategy', 'Confidence', 'Halt', 'As of', 'Predicted', 'Quality', 'Source', 'Model'].map((label) =>
            h('th', { scope: 'col', class: ['Sequence', 'Confidence', 'Halt', 'Quality'].includes(label) ? 'number' : '' }, label)))),
        body)));
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
      setText(position, rows.length === 0 ? '' : page ? `${count(rows[0]!.sequence)} to ${count(rows.at(-1)!.sequence)}` : 'The newest, as they come');
      if (rows.at(-1) === shownLast && rows.length === body.rows.length) return;
      shownLast = rows.at(-1);
      const zone = store.focus?.info?.time_zone;
      body.replaceChildren(...(rows.length === 0 ? [h('tr', {}, h('td', { class: 'empty' }, 'No history yet'))] : rows.toReversed().map((prediction) => line(prediction, zone))));
    },
  };
}

function line(prediction: Prediction, zone: string | undefined): HTMLTableRowElement {
  const time = (text: string) => h('td', { title: inOtherZones(Date.parse(text), zone) }, instant(Date.parse(text)));
  const name = h('span', { class: 'swatch' }, words(prediction.strategy_name));
  setVariable(name, '--colour', strategyColour(riskRank[prediction.strategy_id]!));
  return h('tr', { 'data-sequence': String(prediction.sequence) },
    h('td', { class: 'number' }, count(prediction.sequence)), h('td', {}, name),
    h('td', { class: 'number' }, percent(prediction.confidence)), h('td', { class: 'number' }, percent(prediction.halt_probability)),
    time(prediction.as_of), time(prediction.timestamp), h('td', { class: 'number' }, percent(prediction.quality, 0)), h('td', {}, prediction.source), h('td', { class: 'ellipsis', title: prediction.model_version }, prediction.model_version));
}

/** All predictions of the range, read page by page; a second press stops it. */
function download(store: Store): View {
  const button = h('button', { type: 'button', 'data-testid': 'csv-download', onclick: () => void (running ? running.abort() : run()) }, 'Download CSV');
  const progress = h('span', { class: 'position', role: 'status', 'data-testid': 'csv-progress' });
  let running: AbortController | undefined;

  async function run(): Promise<void> {
    const { focused } = store;
    if (!focused) return;
    const { signal } = (running = new AbortController());
    setText(button, 'Stop');
    try {
      const { first, last } = await focused.history.sequences(signal);
      const parts = [csvHeader(store.model?.feature_names ?? featureNames)];
      for await (const page of focused.log.pages(first, last, signal)) {
        parts.push(csvRows(page));
        setText(progress, `${count((page.at(-1)?.sequence ?? last) - first + 1)} of ${count(last - first + 1)}`);
      }
      save(new Blob(parts, { type: 'text/csv' }), `${focused.market}-predictions.csv`);
    } catch (error) {
      setText(progress, signal.aborted ? 'Stopped' : `Not downloaded: ${error instanceof Error ? error.message : String(error)}`);
    }
    running = undefined;
    setText(button, 'Download CSV');
  }

  return {
    element: h('span', { class: 'download' }, progress, button),
    render() {
      button.disabled = store.focused === undefined;
      setAttribute(button, 'title', 'Every prediction of the range chosen above, from the log');
    },
  };
}

function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  h('a', { href: address, download: name }).click();
  // The browser has begun to read it by the next turn of the loop.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
