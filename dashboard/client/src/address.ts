/** Where a server is, and the key it wants. */
export interface Server {
  /** The server's root, `http://localhost:8000/`; the page's own folder when it is left out. */
  url?: string | URL;
  /** Only where the server asks for one. */
  key?: string;
}

/** The server's root as an absolute address that ends with a slash. */
export function rootOf(url: string | URL | undefined): URL {
  const here = typeof document === 'undefined' ? undefined : document.baseURI;
  if (url === undefined && here === undefined) throw new TypeError('outside of a page the url of the server must be given');
  const root = new URL(url ?? '.', here);
  if (!root.pathname.endsWith('/')) root.pathname += '/';
  return root;
}

/** The address of a WebSocket. Browsers cannot set its headers, so the key goes into the query; the server takes it out before it logs. */
export function socketAddress(server: Server, clientId: string): URL {
  const address = new URL(`ws/${encodeURIComponent(clientId)}`, rootOf(server.url));
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  if (server.key) address.searchParams.set('access_token', server.key);
  return address;
}
