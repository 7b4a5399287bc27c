import 'uplot/dist/uPlot.min.css';
import { h } from './dom.ts';
import { Frame } from './frame.ts';
import { storedKey, storeKey } from './key.ts';
import { marketOfAddress, nameInAddress } from './route.ts';
import { Session } from './session.ts';
import { Store } from './store.ts';
import { applyTheme, theme } from './theme.ts';
import { announcer } from './views/announcer.ts';
import { dataState } from './views/dataState.ts';
import { header } from './views/header.ts';
import { hero } from './views/hero.ts';
import { inputs } from './views/inputs.ts';
import { keyForm } from './views/keyForm.ts';
import { outcomes } from './views/outcomes.ts';
import { overTime } from './views/overTime.ts';
import { probabilities } from './views/probabilities.ts';
import { strips } from './views/strips.ts';
import { table } from './views/table.ts';
import { tiles } from './views/tiles.ts';

applyTheme(theme());
const frame = new Frame(draw);
const store = new Store(frame.ask);
// First of all: the handshake takes longer than building the page.
let session = new Session(store, storedKey(), marketOfAddress());

const top = [header(store), strips(store, () => session.retryNow()), tiles(store, focus)];
const content = [
  keyForm(store, useKey),
  hero(store),
  probabilities(store),
  overTime(store),
  inputs(store),
  dataState(store),
  outcomes(store),
  table(store),
];
const spoken = announcer(store);
const views = [...top, ...content, spoken];
document.body.append(
  h(
    'a',
    { class: 'skip', href: '#main', 'data-testid': 'skip-link', onclick: (event) => skip(event) },
    'Skip to the current strategy',
  ),
  ...top.map((view) => view.element),
  h('main', { id: 'main', tabindex: '-1' }, ...content.map((view) => view.element)),
  spoken.element,
);

// Ages tick without news.
setInterval(frame.ask, 1000);
addEventListener('hashchange', () => focus(marketOfAddress() ?? ''));
addEventListener('online', () => session.retryNow());
frame.ask();

function draw(): void {
  for (const view of views) view.render();
  if (store.focusId !== undefined && store.focus?.info) nameInAddress(store.focusId);
  const { focused } = store;
  // The frame after this one begins when this one has been painted.
  requestAnimationFrame(() => {
    focused?.shown(store.serverNow());
    if (focused?.series.last) markOnce('trm:first-prediction');
    if (focused?.hasPast) markOnce('trm:history');
  });
}

function markOnce(name: string): void {
  if (performance.getEntriesByName(name).length === 0) performance.mark(name);
}

function focus(market: string): void {
  if (store.markets.has(market)) session.focus(market);
}

function useKey(key: string, remember: boolean): void {
  storeKey(key, remember);
  session.close();
  session = new Session(store, key, store.focusId ?? marketOfAddress());
}

// Not by the address, whose end names the market.
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')!.focus();
}
