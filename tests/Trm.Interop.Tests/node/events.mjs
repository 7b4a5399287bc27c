// One event stream of npm's eventsource, which has the browsers' EventSource's interface and reconnects by itself.
import { EventSource } from 'eventsource';
import { follow, tell } from './lines.mjs';

follow({
  listen({ url, names }) {
    const source = new EventSource(url);
    source.onopen = () => tell('open');
    for (const name of names) source.addEventListener(name, e => tell('event', { name, id: e.lastEventId, text: e.data }));
  },
});
