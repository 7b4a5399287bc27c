import { colourOf } from './colours.ts';
import { timeChart, xAxis, yAxis, type TimeChart } from './timeChart.ts';

const share = (value: number) => `${Math.round(value * 100)} %`;

/** Confidence with its extremes, and the halt probability dashed. Columns: time, lowest, highest, confidence, halt. */
export function confidenceChart(height: number, sync: string, zoomed: (from: number, to: number) => void): TimeChart {
  const accent = () => colourOf('--accent');
  return timeChart(
    height,
    {
      series: [
        {},
        { stroke: 'transparent', points: { show: false } },
        { stroke: 'transparent', points: { show: false } },
        { stroke: accent, width: 1.5, points: { show: false } },
        { stroke: () => colourOf('--quiet'), width: 1.25, dash: [4, 3], points: { show: false } },
      ],
      bands: [{ series: [2, 1], fill: () => colourOf('--band') }],
      scales: { y: { range: (_, __, high) => [0, Math.min(1, Math.max(0.3, Math.ceil(high * 10 + 0.5) / 10))] } },
      axes: [xAxis(), yAxis({ values: (_, splits) => splits.map(share), space: 28 })],
      cursor: { sync: { key: sync }, y: false },
    },
    zoomed,
  );
}
