import { h, setAttribute, setText, type View } from '../dom.ts';
import { clock, duration, percent } from '../format.ts';
import { isPoor } from '../freshness.ts';
import type { Store } from '../store.ts';

/** What is wrong, above everything else: no connection, a log that started over, a tick without a prediction. */
export function strips(store: Store, retryNow: () => void): View {
  const offlineText = h('span');
  const offline = h(
    'div',
    { class: 'strip bad', 'data-testid': 'offline-banner', hidden: true },
    offlineText,
    h('button', { type: 'button', 'data-testid': 'retry-now', onclick: retryNow }, 'Try now'),
  );
  const noticeText = h('span');
  const notice = h(
    'div',
    { class: 'strip', 'data-testid': 'notice', hidden: true },
    noticeText,
    h('button', { type: 'button', class: 'quiet', onclick: () => dismiss() }, 'Dismiss'),
  );
  const error = h('div', { class: 'strip warn', 'data-testid': 'error-strip', hidden: true });

  const poor = h('div', { class: 'strip warn', 'data-testid': 'quality-strip', hidden: true });

  function dismiss(): void {
    store.notice = undefined;
    store.changed();
  }

  return {
    element: h('section', { 'aria-label': 'Warnings' }, offline, notice, error, poor),
    render() {
      const state = store.connectionState;
      const offlineSince = state.kind === 'waiting' || state.kind === 'connecting' ? state.offlineSince : undefined;
      offline.hidden = offlineSince === undefined;
      if (offlineSince !== undefined) {
        const next =
          state.kind === 'waiting' ? `trying again in ${duration(Math.max(1000, state.retryAt - Date.now()))}` : 'trying now';
        setText(offlineText, `Offline since ${clock(offlineSince)}, ${next}.`);
        setAttribute(offlineText, 'title', state.kind === 'waiting' ? state.reason : '');
      }
      notice.hidden = store.notice === undefined;
      if (store.notice) {
        setText(noticeText, store.notice.text);
        setAttribute(notice, 'data-kind', store.notice.kind);
      }
      const latest = store.focus?.latest;
      poor.hidden = !isPoor(latest);
      if (latest && isPoor(latest)) {
        const age =
          latest.staleness_seconds === undefined ? '' : ` Its bars are ${duration(latest.staleness_seconds * 1000)} old.`;
        setText(
          poor,
          `The newest prediction rests on poor data: ${percent(latest.quality, 0)} of its inputs were there and fresh.${age}`,
        );
      }
      const problem = store.focus?.error;
      error.hidden = problem === undefined;
      if (problem) {
        setText(error, `No prediction at ${clock(Date.parse(problem.timestamp))}: ${problem.message}`);
        setAttribute(error, 'data-code', problem.code);
      }
    },
  };
}
