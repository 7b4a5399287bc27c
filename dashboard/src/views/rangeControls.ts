import { h, setAttribute, setText, type View } from '../dom.ts';
import type { Axis, RangeName } from '../history.ts';
import { instant } from '../format.ts';
import type { Store } from '../store.ts';

/** As little as fits a phone, and its whole name. */
const labels: Record<RangeName, { text: string; name: string }> = {
  live: { text: 'Live', name: 'Live' },
  '1h': { text: '1 h', name: '1 hour' },
  '1d': { text: '1 d', name: '1 day' },
  '1mo': { text: '1 mo', name: '1 month' },
  '1y': { text: '1 y', name: '1 year' },
  all: { text: 'All', name: 'All' },
};

/** Which stretch of time is shown, and on which of the two times. */
export function rangeControls(store: Store): View {
  const buttons = (Object.keys(labels) as RangeName[]).map((name) => ({
    name,
    button: h(
      'button',
      {
        type: 'button',
        title: labels[name].name,
        'data-testid': `history-range-${name}`,
        onclick: () => void store.focused?.history.choose({ kind: 'newest', name }),
      },
      labels[name].text,
    ),
  }));
  const from = h('input', { type: 'datetime-local', step: '1', 'data-testid': 'history-from' });
  const to = h('input', { type: 'datetime-local', step: '1', 'data-testid': 'history-to' });
  const form = h(
    'form',
    { class: 'from-to', novalidate: true, onsubmit: (event) => apply(event) },
    h('label', {}, 'From ', from),
    h('label', {}, 'to ', to),
    h('button', { type: 'submit', 'data-testid': 'history-apply' }, 'Show'),
  );
  const chosen = h('summary', { 'data-testid': 'history-range-custom' });
  const custom = h('details', {}, chosen, form);
  const reset = h(
    'button',
    {
      type: 'button',
      hidden: true,
      'data-testid': 'history-reset',
      onclick: () => void store.focused?.history.choose({ kind: 'newest', name: 'live' }),
    },
    'Leave zoom',
  );
  const axis = h(
    'select',
    { 'aria-label': 'Time axis', 'data-testid': 'history-axis', onchange: () => turn(axis.value as Axis) },
    h('option', { value: 'predicted' }, 'Time predicted'),
    h('option', { value: 'as_of' }, 'Market time'),
  );

  function turn(chosen: Axis): void {
    const history = store.focused?.history;
    // The instants of a zoom mean nothing on the other axis.
    if (history) void history.choose(history.range.kind === 'between' ? { kind: 'newest', name: 'live' } : history.range, chosen);
  }

  function apply(event: Event): void {
    event.preventDefault();
    const start = Date.parse(from.value) / 1000;
    const end = Date.parse(to.value) / 1000;
    to.setCustomValidity(end > start ? '' : 'The end must be after the start');
    if (!form.reportValidity()) return;
    custom.open = false;
    void store.focused?.history.choose({ kind: 'between', from: start, to: end });
  }

  let shown: unknown;
  return {
    element: h(
      'div',
      { class: 'controls' },
      h('div', { class: 'segments', role: 'group', 'aria-label': 'Range' }, ...buttons.map(({ button }) => button)),
      axis,
      custom,
      reset,
    ),
    render() {
      const history = store.focused?.history;
      const range = history?.range;
      for (const { name, button } of buttons)
        setAttribute(button, 'aria-pressed', String(range?.kind === 'newest' && range.name === name));
      reset.hidden = range?.kind !== 'between';
      if (history && axis.value !== history.axis) axis.value = history.axis;
      if (range === shown && chosen.textContent !== '') return;
      shown = range;
      const ends = range?.kind === 'between' ? [instant(range.from * 1000), instant(range.to * 1000)] : undefined;
      setText(chosen, ends?.join(' to ') ?? 'From … to …');
      // As an input field takes them.
      [from.value, to.value] = (ends ?? ['', '']).map((end) => end.replace(' ', 'T')) as [string, string];
    },
  };
}
