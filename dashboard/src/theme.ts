export type Theme = 'auto' | 'light' | 'dark';

const name = 'trm-theme';
const order: readonly Theme[] = ['auto', 'light', 'dark'];

/** `auto` follows the system. */
export function theme(): Theme {
  return order.find((known) => known === localStorage.getItem(name)) ?? 'auto';
}

export function applyTheme(chosen: Theme): void {
  localStorage.setItem(name, chosen);
  if (chosen === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = chosen;
}

export function nextTheme(): Theme {
  return order[(order.indexOf(theme()) + 1) % order.length]!;
}

/** Calls back when colours change, by the switch or by the system. */
export function onThemeChange(changed: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
  new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ['data-theme'] });
}
