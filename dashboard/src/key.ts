const name = 'trm-key';

/** The key that this browser keeps: for the tab, or for good when its user said so. */
export function storedKey(): string | undefined {
  return sessionStorage.getItem(name) ?? localStorage.getItem(name) ?? undefined;
}

export function storeKey(key: string, forGood: boolean): void {
  sessionStorage.setItem(name, key);
  if (forGood) localStorage.setItem(name, key);
  else localStorage.removeItem(name);
}
