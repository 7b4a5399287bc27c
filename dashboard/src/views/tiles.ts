import { h, setAttribute, setText, setVariable, type View } from '../dom.ts';
import { duration, percent, words } from '../format.ts';
import type { MarketState, Store } from '../store.ts';
import { riskRank, strategyColour } from '../strategies.ts';

interface Tile {
  element: HTMLElement;
  render(market: MarketState): void;
}

/** Every market at a glance, one of them in focus. Arrow keys move between tiles, Enter puts one in focus. */
export function tiles(store: Store, focus: (market: string) => void): View {
  const list = h('div', {
    class: 'tiles',
    role: 'tablist',
    'aria-label': 'Markets',
    'data-testid': 'market-tiles',
    onkeydown: (event) => moved(event as KeyboardEvent),
  });
  const element = h('nav', { 'aria-label': 'Markets', hidden: true }, list);
  const byId = new Map<string, Tile>();

  function moved(event: KeyboardEvent): void {
    const all = [...list.children] as HTMLElement[];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[
      event.key
    ];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    all[(next + all.length) % all.length]!.focus();
  }

  return {
    element,
    render() {
      element.hidden = store.markets.size < 2;
      if (element.hidden) return;
      const ids = [...store.markets.keys()].sort();
      if (ids.join() !== [...byId.keys()].join()) {
        byId.clear();
        for (const id of ids) byId.set(id, tile(id, store, focus));
        list.replaceChildren(...[...byId.values()].map((each) => each.element));
      }
      for (const [id, each] of byId) each.render(store.market(id));
    },
  };
}

function tile(id: string, store: Store, focus: (market: string) => void): Tile {
  const name = h('span', { class: 'tile-name' });
  const strategy = h('span', { class: 'tile-strategy' });
  const confidence = h('span', { class: 'tile-confidence' });
  const age = h('span', { class: 'tile-age' });
  const element = h(
    'button',
    {
      class: 'tile',
      type: 'button',
      role: 'tab',
      'aria-controls': 'main',
      'data-testid': `market-tile-${id}`,
      onclick: () => focus(id),
    },
    name,
    age,
    strategy,
    confidence,
  );
  return {
    element,
    render({ info, latest, error }) {
      const isFocused = store.focusId === id;
      const state = error ? 'error' : latest ? 'ok' : 'empty';
      setAttribute(element, 'aria-selected', String(isFocused));
      setAttribute(element, 'tabindex', isFocused ? '0' : '-1');
      setAttribute(element, 'data-state', state);
      setText(name, info?.name ?? id);
      setAttribute(element, 'title', `${info?.name ?? id}\n${error?.message ?? ''}`.trim());
      setText(strategy, latest ? words(latest.strategy_name) : 'No prediction yet');
      setText(confidence, latest ? percent(latest.confidence) : '');
      setText(age, error ? 'error' : latest ? duration(store.serverNow() - Date.parse(latest.timestamp)) : '');
      if (!latest) return;
      setAttribute(element, 'data-sequence', latest.sequence);
      setAttribute(element, 'data-strategy', latest.strategy_name);
      setVariable(element, '--colour', strategyColour(riskRank[latest.strategy_id]!));
    },
  };
}
