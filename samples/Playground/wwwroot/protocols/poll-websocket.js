import { channelUrl, keyParameters } from './addresses.js';
import { followWebSocket } from './web-socket.js';

export default {
  id: 'poll-websocket',
  family: 'Syncano',
  title: 'Poll WebSocket',
  path: 'GET channels/{name}/poll/?transport=websocket',

  open(target, sink) {
    let lastId;
    const url = () => channelUrl(target, 'poll/', {
      transport: 'websocket', room: target.room, last_id: lastId, ...keyParameters(target.identity),
    });
    return followWebSocket(url, sink, message => {
      if (message.id === undefined) {
        sink.state('refused', message.detail);
        return;
      }
      lastId = message.id;
      sink.message(message);
    });
  },
};
