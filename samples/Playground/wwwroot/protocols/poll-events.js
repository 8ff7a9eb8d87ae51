import { channelUrl, keyParameters } from './addresses.js';
import { followEventSource } from './event-source.js';

export default {
  id: 'poll-events',
  family: 'Syncano',
  title: 'Poll event stream',
  path: 'GET channels/{name}/poll/ (text/event-stream)',
  held: true,

  open(target, sink) {
    let lastId;
    const url = () => channelUrl(target, 'poll/', { room: target.room, last_id: lastId, ...keyParameters(target.identity) });
    return followEventSource(url, ['gap', 'ended'], sink, (name, data, id) => {
      lastId = id || lastId;
      if (name === 'message') sink.message(data);
      if (name === 'ended') sink.state('refused', data.detail);
    });
  },
};
