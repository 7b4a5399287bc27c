import { forget, h, panel, setAttribute, setText, type View } from '../dom.ts';
import { count, duration, inOtherZones, instant, latency, percent } from '../format.ts';
import { overdueAfter } from '../freshness.ts';
import type { Store } from '../store.ts';

/** Whether the data can be trusted: where it comes from, how old it is, and whether all of it is here. */
export function dataState(store: Store): View {
  const list = h('dl', { class: 'facts' });
  const fact = (label: string, id: string, title = '') => {
    const value = h('dd', { 'data-testid': id });
    list.append(h('div', { title }, h('dt', {}, label), value));
    return value;
  };
  const source = fact('Source', 'source');
  const made = fact('Last prediction', 'last-prediction');
  const staleness = fact(
    'Staleness',
    'staleness',
    'Age of the bars; of the last prediction where the source does not tell it. By the server’s clock',
  );
  const quality = fact('Quality', 'quality', 'Share of the inputs that were there and fresh');
  const sequence = fact('Sequence', 'sequence', 'Numbers the predictions of a market without holes');
  const epoch = fact('Epoch', 'epoch', 'Changes when the log starts over');
  const total = fact('In the log', 'total');
  const model = fact('Model', 'model-version');
  const features = fact('Feature set', 'feature-set');
  const delay = fact('Snapshot to screen', 'latency');

  return {
    element: panel('data-state', 'Data state', { class: 'panel data-state' }, list),
    render() {
      const { focus, focused } = store;
      const latest = focus?.latest;
      if (!latest) {
        for (const value of list.querySelectorAll('dd')) {
          setText(value, '–');
          forget(value);
        }
        return;
      }
      const now = store.serverNow();
      const time = Date.parse(latest.timestamp);
      setText(
        source,
        latest.source === 'simulated'
          ? 'Simulated, not a market'
          : latest.source === 'replay'
            ? 'Replay of past sessions'
            : 'Live bars',
      );
      const usual = overdueAfter(store);
      setText(made, `${duration(now - time)} ago${usual === undefined ? '' : ', overdue'}, ${instant(time)}`);
      setAttribute(made, 'data-overdue', usual !== undefined);
      setAttribute(
        made,
        'title',
        `${usual === undefined ? '' : `One came every ${duration(usual)}\n`}${inOtherZones(time, focus.info?.time_zone)}`,
      );
      setAttribute(made, 'data-time', latest.timestamp);
      // The age that the source told grows until the next prediction.
      const seconds = (latest.staleness_seconds ?? 0) + Math.max(0, now - time) / 1000;
      setText(staleness, duration(seconds * 1000));
      setAttribute(staleness, 'data-seconds', seconds.toFixed(1));
      setText(quality, percent(latest.quality, 0));
      setAttribute(quality, 'data-low', latest.quality < 0.9);
      setText(sequence, count(latest.sequence));
      setAttribute(sequence, 'data-sequence', latest.sequence);
      setText(epoch, latest.epoch.slice(0, 8));
      setAttribute(epoch, 'title', latest.epoch);
      setAttribute(epoch, 'data-epoch', latest.epoch);
      setText(
        total,
        focused?.summary ? `${count(Math.max(focused.summary.total_predictions, latest.sequence))} predictions` : '–',
      );
      setText(model, latest.model_version);
      setAttribute(model, 'title', latest.model_version);
      setText(features, latest.feature_set);
      renderLatency(delay, store);
    },
  };
}

function renderLatency(element: HTMLElement, { focused, connection }: Store): void {
  const value = focused?.latency;
  setAttribute(element, 'data-ms', value === undefined ? false : value.toFixed(1));
  const uncertainty = Math.max(1, connection?.clock.uncertainty ?? Infinity);
  if (value === undefined) setText(element, 'with the next one');
  // Of a difference smaller than the error only that much is known.
  else setText(element, value < uncertainty && Number.isFinite(uncertainty) ? `under ${latency(uncertainty)}` : latency(value));
  const clock = Number.isFinite(uncertainty)
    ? `the server’s clock: told by its answers to pings, right to ${latency(uncertainty)}`
    : 'this machine’s clock';
  setAttribute(element, 'title', `From the prediction’s timestamp to the frame that shows it, by ${clock}`);
}
