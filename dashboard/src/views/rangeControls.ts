import { h, setAttribute, type View } from '../dom.ts';
import type { Axis, RangeName } from '../history.ts';
import { instant } from '../format.ts';
import type { Store } from '../store.ts';

const labels: Record<RangeName, string> = { '1h': '1 h', '1d': '1 day', '1mo': '1 month', '1y': '1 year', all: 'All' };

/** Which stretch of time is shown, and on which of the two times. */
export function rangeControls(store: Store): View {
  const buttons = (Object.keys(labels) as RangeName[]).map((name) => ({
    name,
    button: h('button', { type: 'button', 'data-testid': `history-range-${name}`, onclick: () => void store.focused?.history.choose({ kind: 'newest', name }) }, labels[name]),
  }));
  const from = h('input', { type: 'datetime-local', step: '1', 'aria-label': 'From', 'data-testid': 'history-from' });
  const to = h('input', { type: 'datetime-local', step: '1', 'aria-label': 'To', 'data-testid': 'history-to' });
  const form = h('form', { class: 'from-to', onsubmit: (event) => apply(event) }, from, h('span', { 'aria-hidden': 'true' }, '–'), to,
    h('button', { type: 'submit', 'data-testid': 'history-apply' }, 'Show'));
  const reset = h('button', { type: 'button', hidden: true, 'data-testid': 'history-reset', onclick: () => void store.focused?.history.choose({ kind: 'newest', name: 'all' }) }, 'Leave zoom');
  const axis = h('select', { 'aria-label': 'Time axis', 'data-testid': 'history-axis', onchange: () => turn(axis.value as Axis) },
    h('option', { value: 'predicted' }, 'Time predicted'), h('option', { value: 'as_of' }, 'Market time'));

  function turn(chosen: Axis): void {
    const history = store.focused?.history;
    // The instants of a zoom mean nothing on the other axis.
    if (history) void history.choose(history.range.kind === 'between' ? { kind: 'newest', name: 'all' } : history.range, chosen);
  }

  function apply(event: Event): void {
    event.preventDefault();
    const start = Date.parse(from.value) / 1000;
    const end = Date.parse(to.value) / 1000;
    to.setCustomValidity(end > start ? '' : 'The end must be after the start');
    if (form.reportValidity()) void store.focused?.history.choose({ kind: 'between', from: start, to: end });
  }

  let shown: unknown;
  return {
    element: h('div', { class: 'controls' }, h('div', { class: 'segments', role: 'group', 'aria-label': 'Range' }, ...buttons.map(({ button }) => button)), axis, form, reset),
    render() {
      const history = store.focused?.history;
      const range = history?.range;
      for (const { name, button } of buttons) setAttribute(button, 'aria-pressed', String(range?.kind === 'newest' && range.name === name));
      reset.hidden = range?.kind !== 'between';
      if (history && axis.value !== history.axis) axis.value = history.axis;
      if (range === shown) return;
      shown = range;
      from.value = range?.kind === 'between' ? field(range.from) : '';
      to.value = range?.kind === 'between' ? field(range.to) : '';
    },
  };
}

/** Seconds as an input field takes them, in the viewer's zone. */
function field(seconds: number): string {
  return instant(seconds * 1000).replace(' ', 'T');
}
