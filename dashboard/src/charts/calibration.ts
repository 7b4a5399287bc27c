import type { ReliabilityBin } from '@trm/client';
import { h, setAttribute, svg } from '../dom.ts';
import { percent } from '../format.ts';

const width = 300;
const height = 140;
const margin = { left: 40, right: 10, top: 8, bottom: 24 };

/** How often each confidence was right, as dots as large as their number of sessions, with the diagonal of a calibrated model. */
export function calibrationPlot(): { element: HTMLElement; show(bins: readonly ReliabilityBin[]): void } {
  const root = svg('svg', { viewBox: `0 0 ${width} ${height}`, class: 'calibration', role: 'img' });
  return {
    element: h('div', { class: 'chart' }, root as unknown as HTMLElement),
    show: (bins) =>
      draw(
        root,
        bins.filter((bin) => bin.sessions > 0),
      ),
  };
}

function draw(root: SVGSVGElement, bins: readonly ReliabilityBin[]): void {
  // In steps of which the half is a round number too.
  const top = Math.ceil(Math.max(0.35, ...bins.map((bin) => Math.max(bin.average_confidence, bin.hit_rate))) * 5 + 0.2) / 5;
  const most = Math.max(1, ...bins.map((bin) => bin.sessions));
  const x = (share: number) => margin.left + (share / top) * (width - margin.left - margin.right);
  const y = (share: number) => height - margin.bottom - (share / top) * (height - margin.top - margin.bottom);
  const ticks = [0, top / 2, top];
  root.replaceChildren(
    ...ticks.flatMap((tick) => [
      svg('line', {
        class: 'grid',
        x1: String(margin.left),
        x2: String(width - margin.right),
        y1: String(y(tick)),
        y2: String(y(tick)),
      }),
      svg('text', { class: 'tick', x: String(margin.left - 6), y: String(y(tick) + 4), 'text-anchor': 'end' }, percent(tick, 0)),
      svg('text', { class: 'tick', x: String(x(tick)), y: String(height - 8), 'text-anchor': 'middle' }, percent(tick, 0)),
    ]),
    svg('line', { class: 'diagonal', x1: String(x(0)), y1: String(y(0)), x2: String(x(top)), y2: String(y(top)) }),
    ...bins.map((bin) =>
      svg(
        'circle',
        {
          class: 'bin',
          cx: String(x(bin.average_confidence)),
          cy: String(y(bin.hit_rate)),
          r: (3 + 6 * Math.sqrt(bin.sessions / most)).toFixed(1),
        },
        svg('title', {}, describe(bin)),
      ),
    ),
  );
  setAttribute(root, 'aria-label', bins.map(describe).join('; ') || 'No session yet');
}

function describe(bin: ReliabilityBin): string {
  return `confidence ${percent(bin.average_confidence)}: right in ${percent(bin.hit_rate)} of ${bin.sessions} sessions`;
}
