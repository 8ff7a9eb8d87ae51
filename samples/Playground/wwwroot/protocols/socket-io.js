import { webSocketUrl } from './addresses.js';
import { afterLoss, afterRefusal, keepConnected } from './retry.js';

const path = '/socket.io/?EIO=4&transport=websocket';

// Engine.IO 4 and Socket.IO 5 by hand: the server opens (0) and pings (2); we join (40), subscribe with an ack (420) and receive events (42).
export default {
  id: 'socket-io',
  family: 'Socket.IO',
  title: 'Speakap subscribe',
  path: `GET ${path}`,

  open(target, sink) {
    const channel = target.room ? `${target.channel}.${target.room}` : target.channel;
    return keepConnected(signal => new Promise(resolve => {
      const socket = new WebSocket(webSocketUrl(new URL(path, target.origin)));
      let pause = afterLoss;
      const send = (text, shown = text) => {
        sink.frame('out', shown);
        socket.send(text);
      };
      const stop = () => socket.close(1000);
      const answered = ({ ok, errors }) => {
        if (ok) {
          sink.state('open');
          return;
        }
        sink.state('refused', errors[0].message);
        pause = afterRefusal;
        stop();
      };
      sink.state('connecting');
      signal.addEventListener('abort', stop, { once: true });
      socket.onmessage = ({ data }) => {
        sink.frame('in', data);
        if (data.startsWith('0')) send('40');
        else if (data === '2') send('3');
        else if (data.startsWith('40')) {
          const command = accessToken => `420${JSON.stringify(['subscribe', { channel, accessToken }])}`;
          send(command(`${target.identity.name}-token`), command('…'));
        } else if (data.startsWith('430')) answered(JSON.parse(data.slice(3))[0]);
        else if (data.startsWith('42')) {
          const [name, payload] = JSON.parse(data.slice(2));
          if (name === channel) sink.message({ payload });
        }
      };
      socket.onclose = event => {
        signal.removeEventListener('abort', stop);
        if (!signal.aborted) {
          sink.frame('note', `closed ${event.code} ${event.reason}`.trim());
          if (pause === afterLoss) sink.state('retrying');
        }
        resolve(pause);
      };
    }));
  },
};
