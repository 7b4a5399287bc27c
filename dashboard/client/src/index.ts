export type { Server } from './address.ts';
export type { Backoff } from './backoff.ts';
export { ServerClock } from './clock.ts';
export { connect, Connection, type ConnectionState, type ConnectOptions } from './connection.ts';
export * from './messages.ts';
export * from './rest.ts';
export { strategies, type Strategy } from './strategies.ts';
