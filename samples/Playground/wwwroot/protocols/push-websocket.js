import { pushStreamUrl, take } from './push-stream.js';
import { followWebSocket } from './web-socket.js';

export default {
  id: 'push-websocket',
  family: 'Push stream',
  title: 'WebSocket',
  path: 'GET websocket/{name}',

  open(target, sink) {
    let cursor;
    return followWebSocket(() => pushStreamUrl(target, 'websocket', cursor), sink, object => {
      cursor = { time: object.time, tag: object.tag };
      take(object, sink);
    });
  },
};
