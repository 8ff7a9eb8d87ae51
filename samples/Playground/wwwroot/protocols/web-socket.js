import { shown, webSocketUrl } from './addresses.js';
import { afterLoss, afterRefusal, keepConnected } from './retry.js';

// Follows a WebSocket that is opened again whenever it ends. `url()` is asked each time, so that it can carry the position.
export function followWebSocket(url, sink, read) {
  return keepConnected(signal => new Promise(resolve => {
    const address = webSocketUrl(url());
    let isOpen = false;
    sink.state('connecting');
    sink.frame('out', `GET ${shown(address)}`);
    const socket = new WebSocket(address);
    const stop = () => socket.close(1000);
    signal.addEventListener('abort', stop, { once: true });
    socket.onopen = () => {
      isOpen = true;
      sink.state('open');
    };
    socket.onmessage = event => {
      sink.frame('in', event.data);
      read(JSON.parse(event.data), socket);
    };
    socket.onclose = event => {
      signal.removeEventListener('abort', stop);
      if (!signal.aborted) {
        sink.frame('note', `closed ${event.code} ${event.reason}`.trim());
        sink.state(isOpen ? 'retrying' : 'refused', isOpen ? undefined : 'the server refused or cannot be reached');
      }
      resolve(isOpen ? afterLoss : afterRefusal);
    };
  }));
}
