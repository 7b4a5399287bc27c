/** How long to wait before the next attempt to connect. */
export interface Backoff {
  /** The wait after the first failure, in milliseconds; it doubles with each further one. */
  first: number;
  /** It never gets longer than this, in milliseconds. */
  longest: number;
}

export const defaultBackoff: Backoff = { first: 500, longest: 30_000 };

/**
 * Doubles, and takes off a random part of up to half, so that many clients of a server that restarted do not come back
 * at the same instant.
 *
 * @param attempt How many attempts have failed before, from 0.
 */
export function waitBefore(attempt: number, backoff: Backoff = defaultBackoff, random: () => number = Math.random): number {
  const longest = Math.min(backoff.longest, backoff.first * 2 ** attempt);
  return longest * (0.5 + random() / 2);
}
