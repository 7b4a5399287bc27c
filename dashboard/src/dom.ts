type Child = Node | string | undefined | false;
type Properties = Record<string, string | boolean | EventListener | undefined>;

/** An element. `on…` properties are listeners, booleans set or leave out an attribute, the rest are attributes. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  assign(element, properties);
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/** The same for SVG. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  assign(element, properties);
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

function assign(element: Element, properties: Properties): void {
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== undefined) setAttribute(element, name, value);
  }
}

/** Writes only what differs: an unchanged page costs no layout. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Writes only what differs; `false` takes the attribute away. */
export function setAttribute(element: Element, name: string, value: string | number | boolean): void {
  const text = value === true ? '' : String(value);
  if (value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/** Takes away what an element tells of a market, so that nothing of an earlier one is left. */
export function forget(element: Element): void {
  for (const name of element.getAttributeNames()) {
    if (name === 'title' || name === 'datetime' || (name.startsWith('data-') && name !== 'data-testid'))
      element.removeAttribute(name);
  }
}

/** A custom property of the style sheet. Through the object model, which a strict policy allows. */
export function setVariable(element: HTMLElement | SVGElement, name: `--${string}`, value: string | number): void {
  const text = String(value);
  if (element.style.getPropertyValue(name) !== text) element.style.setProperty(name, text);
}

/** A part of the page, and how it shows the state. */
export interface View {
  readonly element: HTMLElement;
  render(): void;
}

/** A section of the page with a heading. */
export function panel(id: string, title: string, properties: Properties = {}, ...children: Child[]): HTMLElement {
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': `${id}-title`, ...properties },
    h('h2', { id: `${id}-title` }, title),
    ...children,
  );
}
