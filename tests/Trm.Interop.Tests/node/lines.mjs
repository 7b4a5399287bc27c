// A client is led by lines of JSON on standard input, and tells what it sees as lines of JSON on standard output.
import { createInterface } from 'node:readline';

export const tell = (event, more = {}) => process.stdout.write(JSON.stringify({ event, ...more }) + '\n');

export function follow(commands) {
  createInterface({ input: process.stdin })
    .on('line', line => {
      const command = JSON.parse(line);
      commands[command.do](command);
    })
    .on('close', () => process.exit());
}
