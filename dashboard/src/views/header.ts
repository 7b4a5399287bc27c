import type { ConnectionState } from '@trm/client';
import { h, setAttribute, setText, type View } from '../dom.ts';
import { words } from '../format.ts';
import { isPoor } from '../freshness.ts';
import type { Store } from '../store.ts';
import { applyTheme, nextTheme, theme } from '../theme.ts';

const stateTexts: Record<ConnectionState['kind'], string> = {
  connecting: 'Connecting',
  open: 'Connected',
  waiting: 'Offline',
  refused: 'Key needed',
  closed: 'Closed',
};

const badges: Record<string, { text: string; title: string }> = {
  simulated: { text: 'SIMULATED', title: 'Made-up data: no market stands behind these numbers' },
  replay: { text: 'REPLAY', title: 'Past sessions, played again' },
  live: { text: 'LIVE', title: 'The newest bars that the server has' },
};

/** What is watched, whether it is real, and whether it still comes. */
export function header(store: Store): View {
  const market = h('h1', { class: 'market-name', 'data-testid': 'market-name' });
  const badge = h('span', { class: 'badge', 'data-testid': 'source-badge' });
  const state = h('span', { class: 'connection', 'data-testid': 'connection-state' });
  const toggle = h('button', { class: 'quiet', type: 'button', 'data-testid': 'theme-toggle', onclick: () => switchTheme() });
  const element = h(
    'header',
    { class: 'bar' },
    h('span', { class: 'product' }, 'Trm'),
    market,
    badge,
    h('span', { class: 'space' }),
    state,
    toggle,
  );

  function switchTheme(): void {
    applyTheme(nextTheme());
    showTheme();
  }

  function showTheme(): void {
    const chosen = theme();
    setAttribute(toggle, 'data-theme', chosen);
    setAttribute(toggle, 'aria-label', `Colours: ${chosen}. Change`);
    toggle.replaceChildren({ auto: '◐', light: '○', dark: '●' }[chosen], h('span', { class: 'wide' }, ` ${words(chosen)}`));
  }

  showTheme();
  return {
    element,
    render() {
      const { focus, connectionState } = store;
      const name = focus?.info?.name ?? focus?.id ?? 'Trm.Orleans';
      setText(market, name);
      setAttribute(market, 'title', name);
      setAttribute(market, 'data-market', focus?.id ?? '');
      const source = focus?.latest?.source ?? '';
      setAttribute(badge, 'data-source', source);
      setAttribute(badge, 'data-poor', isPoor(focus?.latest));
      setText(badge, badges[source]?.text ?? '');
      setAttribute(badge, 'title', badges[source]?.title ?? '');
      setAttribute(state, 'data-state', connectionState.kind);
      setText(state, stateTexts[connectionState.kind]);
      document.title = focus?.latest ? `${name} · ${focus.latest.strategy_name.replaceAll('_', ' ')}` : 'Trm.Orleans';
    },
  };
}
