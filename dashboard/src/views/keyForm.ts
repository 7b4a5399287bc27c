import { h, setText, type View } from '../dom.ts';
import { sentence } from '../format.ts';
import type { Store } from '../store.ts';

/** Asks for a key when the server wants one. */
export function keyForm(store: Store, submit: (key: string, remember: boolean) => void): View {
  const message = h('p', { 'data-testid': 'key-message', class: 'problem', id: 'key-message' });
  const input = h('input', {
    id: 'key',
    type: 'password',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'trm_…',
    required: true,
    'aria-describedby': 'key-message',
    'data-testid': 'key-input',
  });
  const remember = h('input', { type: 'checkbox', 'data-testid': 'key-remember' });
  const form = h(
    'form',
    { class: 'panel key-form', 'data-testid': 'key-form', hidden: true, onsubmit: (event) => submitted(event) },
    h('h2', {}, 'This server asks for a key'),
    h('label', { for: 'key' }, 'Key with the scope read; ', h('code', {}, 'trm keys add NAME'), ' makes one'),
    input,
    h('label', { class: 'remember' }, remember, ' Remember it in this browser'),
    h('button', { type: 'submit', class: 'primary', 'data-testid': 'key-submit' }, 'Connect'),
    message,
  );

  function submitted(event: Event): void {
    event.preventDefault();
    const key = input.value.trim();
    if (key) submit(key, remember.checked);
  }

  return {
    element: form,
    render() {
      const state = store.connectionState;
      const isAsking = state.kind === 'refused';
      if (isAsking) setText(message, state.code === 'key_required' ? '' : `${sentence(state.message)}.`);
      if (isAsking && form.hidden) {
        form.hidden = false;
        input.focus();
      }
      // Stays while the key is tried: it does not blink when that one is wrong too.
      if (state.kind === 'open') form.hidden = true;
    },
  };
}
