// One EventSource of the browser.
command => {
  const tell = (event, more = {}) => window.trmTell(JSON.stringify({ event, ...more }));
  const source = new EventSource(command.url);
  source.onopen = () => tell('open');
  for (const name of command.names) source.addEventListener(name, e => tell('event', { name, id: e.lastEventId, text: e.data }));
}
