// A peer of `trm bench fanout`: Node's ws as its documentation broadcasts. One serialisation, then a loop of client.send.
//
// Protocol with the bench: a first line of JSON on stdout, then lines on stdin, `go N`: up to N broadcasts in all are to be
// made. The end of the input ends it.
//
//     npm ci && node server.js ../message.json
'use strict';

const fs = require('node:fs');
const readline = require('node:readline');

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

let WebSocketServer;
try {
  ({ WebSocketServer } = require('ws'));
} catch {
  say({ ready: false, reason: "ws is not installed; run 'npm ci' in bench/fanout/peers/node-ws" });
  process.exit(1);
}

const message = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, backlog: 4096, perMessageDeflate: false });
let published = 0;
let granted = 0;
let scheduled = false;

// UTC with microseconds, as on the product's wire.
function now() {
  const micros = Math.round((performance.timeOrigin + performance.now()) * 1000);
  const millis = Math.floor(micros / 1000);
  return `${new Date(millis).toISOString().slice(0, -1)}${String(micros % 1000).padStart(3, '0')}Z`;
}

function broadcast() {
  scheduled = false;
  if (published >= granted) return;
  published++;
  message.timestamp = message.data.timestamp = now();
  const data = Buffer.from(JSON.stringify(message));
  for (const client of server.clients) client.send(data, { binary: false });
  schedule();
}

function schedule() {
  if (scheduled || published >= granted) return;
  scheduled = true;
  setImmediate(broadcast); // lets the sockets and the bench have their turn between two
}

server.on('connection', (client) => client.on('error', () => client.terminate()));
server.on('listening', () =>
  say({ ready: true, port: server.address().port, name: 'ws', version: `${require('ws/package.json').version}, Node ${process.version}` }));

readline.createInterface({ input: process.stdin })
  .on('line', (line) => {
    granted = Number(line.split(' ')[1]);
    schedule();
  })
  .on('close', () => process.exit(0));
