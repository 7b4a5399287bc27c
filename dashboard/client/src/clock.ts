/**
 * The server's clock, as seen from here. Each ping with its pong bounds the difference of the two clocks to half the time
 * it took; the quickest pair is believed until a quicker one comes.
 */
export class ServerClock {
  private best = Infinity;
  private offset = 0;

  /** Milliseconds that the difference may be off by; infinite before the first pong. */
  get uncertainty(): number {
    return this.best / 2;
  }

  /** The server's time now, in milliseconds since 1970; this machine's before the first pong. */
  now(local: number = Date.now()): number {
    return local + this.offset;
  }

  /** Takes in a pong: the local times of ping and pong and the server's time between them, in milliseconds. */
  observe(sent: number, server: number, received: number): void {
    const took = received - sent;
    if (took > this.best) return;
    this.best = took;
    this.offset = server - (sent + received) / 2;
  }

  /** After a new connection, which may lead to another server. */
  reset(): void {
    this.best = Infinity;
  }
}
