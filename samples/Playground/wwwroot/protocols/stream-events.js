import { instanceUrl, keyParameters, streamAddress } from './addresses.js';
import { followEventSource } from './event-source.js';

export default {
  id: 'stream-events',
  family: 'Native',
  title: 'Stream events',
  path: 'GET stream/?channel= (text/event-stream)',
  held: true,

  open(target, sink) {
    let lastId;
    const url = () => instanceUrl(target, 'stream/', {
      channel: streamAddress(target), last_id: lastId, ...keyParameters(target.identity),
    });
    return followEventSource(url, ['ready', 'gap', 'ended'], sink, (name, data, id) => {
      lastId = id || lastId;
      if (name === 'message') sink.message(data);
      if (name === 'ended') sink.state('refused', data.reason);
    });
  },
};
