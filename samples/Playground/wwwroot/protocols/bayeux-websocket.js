import { webSocketUrl } from './addresses.js';
import { BayeuxSession, path } from './bayeux.js';
import { afterLoss, afterRefusal, keepConnected } from './retry.js';

const connectionType = 'websocket';

export default {
  id: 'bayeux-websocket',
  family: 'Bayeux',
  title: 'WebSocket',
  path: `GET ${path}`,

  open(target, sink) {
    return keepConnected(signal => new Promise(resolve => {
      const session = new BayeuxSession(target, sink);
      const socket = new WebSocket(webSocketUrl(new URL(path, target.origin)));
      let isRefused = false;
      const send = text => {
        sink.frame('out', text);
        socket.send(text);
      };
      const stop = () => {
        if (socket.readyState === WebSocket.OPEN) send(session.disconnect());
        socket.close(1000);
      };
      sink.state('connecting');
      signal.addEventListener('abort', stop, { once: true });
      socket.onopen = () => send(session.handshake(connectionType));
      socket.onmessage = event => {
        sink.frame('in', event.data);
        const next = session.read(event.data);
        if (next === 'subscribe') send(session.subscribe());
        if (next === 'connect') {
          sink.state('open');
          send(session.connect(connectionType));
        }
        if (next === 'stop' || next === 'handshake') {
          isRefused = next === 'stop';
          socket.close(1000);
        }
      };
      socket.onclose = event => {
        signal.removeEventListener('abort', stop);
        if (!signal.aborted) {
          sink.frame('note', `closed ${event.code} ${event.reason}`.trim());
          if (!isRefused) sink.state('retrying');
        }
        resolve(isRefused ? afterRefusal : afterLoss);
      };
    }));
  },
};
