import { followPusher, nameOf } from './pusher-wire.js';

export default {
  id: 'pusher',
  family: 'Pusher',
  title: 'Channels WebSocket',
  path: 'GET /app/{key}',

  open(target, sink) {
    const channel = nameOf(target);

    // Presence channels need to know who one is; the demo users have these ids.
    const user = target.identity.name === 'bob' ? '2' : '1';
    return followPusher({ origin: target.origin, channel, user }, sink, (frame, data) => {
      if (frame.channel === channel && !frame.event.startsWith('pusher')) sink.message({ payload: data });
    });
  },
};
