/** The market that the address names: `#market=us-equities`. */
export function marketOfAddress(): string | undefined {
  return new URLSearchParams(location.hash.slice(1)).get('market') ?? undefined;
}

/** Names a market in the address, so that it can be sent to someone; without an entry in the browser's history for each look. */
export function nameInAddress(market: string): void {
  if (marketOfAddress() !== market) history.replaceState(null, '', `#${new URLSearchParams({ market })}`);
}
