import { instanceUrl, keyParameters, streamAddress } from './addresses.js';
import { followWebSocket } from './web-socket.js';

export default {
  id: 'stream-websocket',
  family: 'Native',
  title: 'Stream WebSocket',
  path: 'GET stream/?channel=',

  open(target, sink) {
    let lastId;
    const url = () => instanceUrl(target, 'stream/', {
      channel: streamAddress(target), last_id: lastId, ...keyParameters(target.identity),
    });
    return followWebSocket(url, sink, frame => {
      const { event, data } = frame;
      if (event === 'ready') lastId = data.last_id;
      if (event === 'ended') sink.state('refused', data.reason);
      if (event === undefined) {
        lastId = frame.id;
        sink.message(frame);
      }
    });
  },
};
