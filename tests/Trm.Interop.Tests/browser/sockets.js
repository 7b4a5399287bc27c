// One WebSocket connection of the browser. A page has no say in frames, pings or compression.
command => {
  const tell = (event, more = {}) => window.trmTell(JSON.stringify({ event, ...more }));
  switch (command.do) {
    case 'connect': {
      const socket = window.trmSocket = new WebSocket(command.url);
      socket.binaryType = 'arraybuffer';
      socket.onopen = () => tell('open', { text: socket.extensions });
      socket.onmessage = e => typeof e.data === 'string' ? tell('text', { text: e.data }) : tell('binary');
      socket.onclose = e => tell('close', { code: e.code, reason: e.reason });
      break;
    }
    case 'text': window.trmSocket.send(command.text); break;
    case 'binary': window.trmSocket.send(new TextEncoder().encode(command.text)); break;
    case 'close': window.trmSocket.close(command.code, command.reason); break;
  }
}
