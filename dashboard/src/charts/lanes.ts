import type uPlot from 'uplot';
import type { Point } from '../point.ts';
import { byRisk, riskRank, shortName } from '../strategies.ts';
import { colourOf } from './colours.ts';
import { timeChart, xAxis, yAxis, type TimeChart } from './timeChart.ts';

/** A probability from here on is drawn in full colour. */
const full = 0.4;

export interface Lanes extends TimeChart {
  /** The points that the next `show` is about. */
  points: readonly Point[];
  timeOf: (point: Point) => number;
}

/**
 * Strategies over time: a lane for each, from the most defensive above to the most aggressive below, the stronger the more
 * probable, and a dark line in the lane of the one chosen. Place and lightness tell it, so no colour has to.
 */
export function lanes(height: number, sync: string, zoomed: (from: number, to: number) => void): Lanes {
  const chart = timeChart(
    height,
    {
      series: [{}, { paths: () => null, points: { show: false } }],
      scales: { y: { range: [-byRisk.length, 0] } },
      axes: [
        xAxis(false),
        yAxis({
          splits: () => byRisk.map((_, rank) => -rank - 0.5),
          values: () => byRisk.map((strategy) => shortName[strategy.name]),
          grid: { show: false },
        }),
      ],
      cursor: { sync: { key: sync }, y: false },
      hooks: { draw: [(plot) => draw(plot, result.points, result.timeOf)] },
    },
    zoomed,
  );
  const result: Lanes = { ...chart, points: [], timeOf: (point) => point.time };
  return result;
}

/** What one column of pixels shows: means over the points in it. */
interface Column {
  left: number;
  right: number;
  probabilities: number[];
  chosen: number;
}

function draw(plot: uPlot, points: readonly Point[], timeOf: (point: Point) => number): void {
  const { ctx: context, bbox } = plot;
  const colours = byRisk.map((_, rank) => colourOf(`--strategy-${rank}`));
  const line = colourOf('--text');
  const laneHeight = bbox.height / byRisk.length;
  const thickness = Math.max(2, Math.round(laneHeight / 8));
  context.save();
  context.beginPath();
  context.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  context.clip();
  for (const { left, right, probabilities, chosen } of columns(plot, points, timeOf)) {
    byRisk.forEach((strategy, rank) => {
      context.globalAlpha = Math.min(1, probabilities[strategy.id]! / full);
      context.fillStyle = colours[rank]!;
      context.fillRect(left, bbox.top + rank * laneHeight, right - left, laneHeight - 1);
    });
    context.globalAlpha = 1;
    context.fillStyle = line;
    context.fillRect(left, bbox.top + (riskRank[chosen]! + 0.5) * laneHeight - thickness / 2, right - left, thickness);
  }
  context.restore();
}

/** A point reaches to the next one; those that fall on the same pixel are one column. */
function* columns(plot: uPlot, points: readonly Point[], timeOf: (point: Point) => number): Generator<Column> {
  const edge = (index: number) => {
    const point = points[index];
    return point ? Math.round(plot.valToPos(timeOf(point), 'x', true)) : plot.bbox.left + plot.bbox.width;
  };
  for (let i = 0; i < points.length;) {
    const left = edge(i);
    let end = i + 1;
    while (end < points.length && edge(end) <= left) end++;
    const group = points.slice(i, end);
    const probabilities = group[0]!.probabilities.map(
      (_, id) => group.reduce((sum, point) => sum + point.probabilities[id]!, 0) / group.length,
    );
    yield { left, right: Math.max(edge(end), left + 1), probabilities, chosen: group.at(-1)!.strategy };
    i = end;
  }
}
