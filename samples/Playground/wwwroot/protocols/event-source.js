import { shown } from './addresses.js';
import { afterRefusal, keepConnected } from './retry.js';

// Follows an event stream. EventSource resumes by itself after a lost connection; only after a refusal it is made anew.
// `url()` is asked each time, so that it can carry the position.
export function followEventSource(url, names, sink, read) {
  return keepConnected(signal => new Promise(resolve => {
    const address = url();
    sink.state('connecting');
    sink.frame('out', `GET ${shown(address)}`);
    const source = new EventSource(address);
    const stop = () => {
      source.close();
      signal.removeEventListener('abort', stop);
      resolve(afterRefusal);
    };
    signal.addEventListener('abort', stop, { once: true });
    source.onopen = () => sink.state('open');
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) {
        sink.state('refused', 'the server refused');
        stop();
      } else {
        sink.state('retrying');
        sink.frame('note', 'connection lost, resuming');
      }
    };
    for (const name of ['message', ...names]) {
      source.addEventListener(name, event => {
        sink.frame('in', asText(name, event));
        read(name, JSON.parse(event.data), event.lastEventId);
      });
    }
  }));
}

function asText(name, event) {
  const lines = name === 'message' ? [] : [`event: ${name}`];
  if (event.lastEventId) lines.push(`id: ${event.lastEventId}`);
  return [...lines, `data: ${event.data}`].join('\n');
}
