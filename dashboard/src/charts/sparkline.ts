import { h } from '../dom.ts';
import { colourOf } from './colours.ts';

/** A line of the newest values with a dot at the last. */
export interface Sparkline {
  readonly element: HTMLCanvasElement;
  /** @param colour A custom property of the style sheet. */
  draw(values: readonly number[], colour: string): void;
}

export function sparkline(): Sparkline {
  const canvas = h('canvas', { class: 'spark', role: 'img' });
  const context = canvas.getContext('2d')!;
  let redraw = () => {};
  // Asking for the size at each drawing would have the page laid out each time.
  new ResizeObserver(([entry]) => {
    canvas.width = Math.round(entry!.contentRect.width * devicePixelRatio);
    canvas.height = Math.round(entry!.contentRect.height * devicePixelRatio);
    redraw();
  }).observe(canvas);
  return {
    element: canvas,
    draw(values, colour) {
      redraw = () => drawLine(context, values, colourOf(colour));
      redraw();
    },
  };
}

function drawLine(context: CanvasRenderingContext2D, values: readonly number[], colour: string): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  if (values.length === 0) return;
  const ratio = devicePixelRatio;
  const margin = 2.5 * ratio;
  const low = Math.min(...values);
  const range = Math.max(...values) - low;
  const x = (i: number) => margin + (values.length === 1 ? 1 : i / (values.length - 1)) * (width - 2 * margin);
  // What does not change runs through the middle.
  const y = (value: number) => height - margin - (range === 0 ? 0.5 : (value - low) / range) * (height - 2 * margin);
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = 1.25 * ratio;
  context.lineJoin = 'round';
  context.beginPath();
  values.forEach((value, i) => context.lineTo(x(i), y(value)));
  context.stroke();
  context.beginPath();
  context.arc(x(values.length - 1), y(values.at(-1)!), 2 * ratio, 0, 2 * Math.PI);
  context.fill();
}
