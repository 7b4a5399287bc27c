/** 0.2871 → `28.7 %`. */
export function percent(share: number, digits = 1): string {
  return `${fixed(share * 100, digits)} %`;
}

/** With a true minus sign, so that columns line up. */
export function fixed(value: number, digits: number): string {
  return value.toFixed(digits).replace('-', '−');
}

/** `+1.24`, `−0.31`. */
export function signed(value: number, digits: number): string {
  return (value < 0 ? '' : '+') + fixed(value, digits);
}

/** 12345 → `12,345`. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** Milliseconds as people say them: `4 s`, `3 min`, `2 h 05 min`, `3 d 4 h`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `41 ms`, `1.2 s`. */
export function latency(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

const zoned = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-22 10:00:00` in a zone; in the viewer's without one. */
export function instant(time: number, zone?: string): string {
  const key = zone ?? '';
  let format = zoned.get(key);
  if (!format) {
    // Swedish writes dates as ISO 8601 does.
    format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', ...(zone && { timeZone: zone }) });
    zoned.set(key, format);
  }
  return format.format(time);
}

/** `10:00:00` in the viewer's zone. */
export function clock(time: number): string {
  return instant(time).slice(11);
}

/** The same instant in the market's zone, where it is known, and in UTC: what a time shows on hover. */
export function inOtherZones(time: number, marketZone: string | undefined): string {
  const utc = `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return marketZone ? `${instant(time, marketZone)} ${marketZone}\n${utc}` : utc;
}

/** A server's message, as the sentence that it is here. */
export function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}

/** `aggressive_growth` → `Aggressive growth`. */
export function words(name: string): string {
  return sentence(name.replaceAll('_', ' '));
}
