import { h, setText, type View } from '../dom.ts';
import { words } from '../format.ts';
import type { Store } from '../store.ts';

/** Speaks to screen readers when the strategy changes, and only then: a tick every second would drown everything else. */
export function announcer(store: Store): View {
  const element = h('div', { class: 'hidden', role: 'status', 'aria-live': 'polite', 'data-testid': 'live-region' });
  let spoken = '';
  return {
    element,
    render() {
      const latest = store.focus?.latest;
      const now = latest ? `${latest.market} ${latest.strategy_name}` : spoken;
      if (now === spoken || !latest) return;
      spoken = now;
      setText(
        element,
        `${store.focus?.info?.name ?? latest.market}: ${words(latest.strategy_name)}, ${Math.round(latest.confidence * 100)} percent`,
      );
    },
  };
}
