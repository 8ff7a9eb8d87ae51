import { followEventSource } from './event-source.js';
import { pushStreamUrl, take } from './push-stream.js';

export default {
  id: 'push-events',
  family: 'Push stream',
  title: 'Event stream',
  path: 'GET eventsource/{name}',
  held: true,

  open(target, sink) {
    let cursor;
    return followEventSource(() => pushStreamUrl(target, 'eventsource', cursor), [], sink, (name, object) => {
      cursor = { time: object.time, tag: object.tag };
      take(object, sink);
    });
  },
};
