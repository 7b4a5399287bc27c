import { csvHeader, csvRows } from '../csv.ts';
import { h, setAttribute, setText, type View } from '../dom.ts';
import { featureNames } from '../features.ts';
import { count } from '../format.ts';
import type { Store } from '../store.ts';

/** All predictions of the range, read page by page; a second press stops it. */
export function csvDownload(store: Store): View {
  const button = h(
    'button',
    { type: 'button', 'data-testid': 'csv-download', onclick: () => void (running ? running.abort() : run()) },
    'Download CSV',
  );
  const progress = h('span', { class: 'position', role: 'status', 'data-testid': 'csv-progress' });
  let running: AbortController | undefined;

  async function run(): Promise<void> {
    const { focused } = store;
    if (!focused) return;
    const { signal } = (running = new AbortController());
    setText(button, 'Stop');
    try {
      const { first, last } = await focused.history.sequences(signal);
      const parts = [csvHeader(store.model?.feature_names ?? featureNames)];
      for await (const page of focused.log.pages(first, last, signal)) {
        parts.push(csvRows(page));
        setText(progress, `${count((page.at(-1)?.sequence ?? last) - first + 1)} of ${count(last - first + 1)}`);
      }
      save(new Blob(parts, { type: 'text/csv' }), `${focused.market}-predictions.csv`);
    } catch (error) {
      setText(progress, signal.aborted ? 'Stopped' : `Not downloaded: ${error instanceof Error ? error.message : String(error)}`);
    }
    running = undefined;
    setText(button, 'Download CSV');
  }

  return {
    element: h('span', { class: 'download' }, progress, button),
    render() {
      button.disabled = store.focused === undefined;
      setAttribute(button, 'title', 'Every prediction of the range chosen above, from the log');
    },
  };
}

function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  h('a', { href: address, download: name }).click();
  // The browser has begun to read it by the next turn of the loop.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
