import uPlot from 'uplot';
import { onThemeChange } from '../theme.ts';
import { colourOf } from './colours.ts';

/** Wide enough for a strategy's short name; the same in every chart, so that their times line up. */
export const axisWidth = 82;

const font = '11px system-ui, sans-serif';

/** A chart with time to the right, that fits its element and keeps the theme's colours. */
export interface TimeChart {
  readonly element: HTMLElement;
  /** Columns as uPlot takes them: seconds first. */
  show(data: uPlot.AlignedData, from: number, to: number): void;
}

/** @param zoomed Is called with the stretch that was dragged over, in seconds. */
export function timeChart(
  height: number,
  options: Pick<uPlot.Options, 'series' | 'scales'> & Partial<uPlot.Options>,
  zoomed?: (from: number, to: number) => void,
): TimeChart {
  const element = document.createElement('div');
  element.className = 'chart';
  let limits: [number, number] = [0, 1];
  const plot = new uPlot(
    {
      ...options,
      width: 300,
      height,
      scales: { x: { time: true, range: () => limits }, ...options.scales },
      // The same in every chart, so that their times line up; the last label of an axis needs room.
      padding: [8, 30, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: zoomed !== undefined, y: false, setScale: false }, points: { show: false }, ...options.cursor },
      axes: options.axes ?? [xAxis()],
      hooks: {
        ...options.hooks,
        setSelect: [
          (chart) => {
            if (chart.select.width < 4) return;
            zoomed?.(chart.posToVal(chart.select.left, 'x'), chart.posToVal(chart.select.left + chart.select.width, 'x'));
            chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
      },
    },
    options.series.map(() => []) as unknown as uPlot.AlignedData,
    element,
  );
  new ResizeObserver(() => {
    if (element.clientWidth > 0) plot.setSize({ width: element.clientWidth, height });
  }).observe(element);
  onThemeChange(() => plot.redraw(false));

  return {
    element,
    show(data, from, to) {
      limits = to > from ? [from, to] : [from - 30, to + 30];
      plot.setData(data);
    },
  };
}

export function xAxis(show = true): uPlot.Axis {
  return show
    ? {
        stroke: () => colourOf('--quiet'),
        grid: { stroke: () => colourOf('--line'), width: 1 },
        ticks: { show: false },
        font,
        size: timeSize,
        gap: 6,
        space: (plot) => (plot.width < 500 ? 64 : 96),
        values: timeValues,
      }
    : { stroke: 'transparent', grid: { show: false }, ticks: { show: false }, size: 0, values: () => [] };
}

export function yAxis(axis: Partial<uPlot.Axis>): uPlot.Axis {
  return {
    stroke: () => colourOf('--quiet'),
    grid: { stroke: () => colourOf('--line'), width: 1 },
    ticks: { show: false },
    font,
    size: axisWidth,
    gap: 6,
    ...axis,
  };
}

// A second line, with the day, needs room of its own.
const timeSize: uPlot.Axis.Size = (_, values) => (values?.some((value) => value.includes('\n')) ? 36 : 22);

const two = (value: number) => String(value).padStart(2, '0');

// ISO order, as everywhere on the page; the day is told where it changes.
function timeValues(_: uPlot, splits: number[], __: number, ___: number, increment: number): string[] {
  let shownDay = '';
  return splits.map((split) => {
    const date = new Date(split * 1000);
    const month = `${date.getFullYear()}-${two(date.getMonth() + 1)}`;
    if (increment >= 28 * 86_400) return month;
    const day = `${month}-${two(date.getDate())}`;
    if (increment >= 86_400) return day;
    const time = `${two(date.getHours())}:${two(date.getMinutes())}${increment < 60 ? `:${two(date.getSeconds())}` : ''}`;
    const text = day === shownDay || shownDay === '' ? time : `${time}\n${day}`;
    shownDay = day;
    return text;
  });
}
