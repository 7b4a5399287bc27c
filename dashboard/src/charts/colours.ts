import { onThemeChange } from '../theme.ts';

const known = new Map<string, string>();
onThemeChange(() => known.clear());

/** A custom property of the style sheet, `--accent`, as a colour that a canvas takes, in the theme of the moment. */
export function colourOf(name: string): string {
  let colour = known.get(name);
  if (colour === undefined) {
    // Only a property that takes a colour is told resolved; the custom one is told as it was written.
    const probe = document.createElement('span');
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    known.set(name, (colour = getComputedStyle(probe).color));
    probe.remove();
  }
  return colour;
}
