import { colourOf } from './colours.ts';

/** Draws a line of the newest values with a dot at the last. Its size is the element's, in device pixels. */
export function drawSparkline(canvas: HTMLCanvasElement, values: readonly number[], colour: string): void {
  const ratio = devicePixelRatio;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d')!;
  context.clearRect(0, 0, width, height);
  if (values.length === 0 || width === 0) return;

  const margin = 2.5 * ratio;
  const low = Math.min(...values);
  const range = Math.max(...values) - low || 1;
  const x = (i: number) => margin + (values.length === 1 ? 1 : i / (values.length - 1)) * (width - 2 * margin);
  const y = (value: number) => height - margin - ((value - low) / range) * (height - 2 * margin);
  context.strokeStyle = context.fillStyle = colourOf(colour);
  context.lineWidth = 1.25 * ratio;
  context.lineJoin = 'round';
  context.beginPath();
  values.forEach((value, i) => context.lineTo(x(i), y(value)));
  context.stroke();
  context.beginPath();
  context.arc(x(values.length - 1), y(values.at(-1)!), 2 * ratio, 0, 2 * Math.PI);
  context.fill();
}
