// One WebSocket connection of npm's ws.
import WebSocket from 'ws';
import { follow, tell } from './lines.mjs';

let socket;

follow({
  connect({ url, deflate }) {
    // Every message is compressed where the server agreed, the smallest too.
    socket = new WebSocket(url, { perMessageDeflate: deflate ? { threshold: 0, ...deflate } : false });
    socket.on('open', () => tell('open', { text: socket.extensions }));
    socket.on('message', (data, isBinary) => tell(isBinary ? 'binary' : 'text', { text: data.toString() }));
    socket.on('pong', data => tell('pong', { text: data.toString() }));
    socket.on('close', (code, reason) => tell('close', { code, reason: reason.toString() }));
    socket.on('error', error => tell('error', { text: error.message }));
  },
  text: ({ text }) => socket.send(text),
  binary: ({ text }) => socket.send(Buffer.from(text)),
  ping: ({ text }) => socket.ping(text),
  fragments({ parts, text }) {
    parts.forEach((part, i) => {
      socket.send(part, { fin: i === parts.length - 1 });
      if (i === 0) socket.ping(text);
    });
  },
  close: ({ code, reason }) => socket.close(code, reason),
});
