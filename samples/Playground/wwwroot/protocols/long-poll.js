import { channelUrl, keyHeaders, shown } from './addresses.js';
import { keepPolling } from './polling.js';

export default {
  id: 'long-poll',
  family: 'Syncano',
  title: 'Long poll',
  path: 'GET channels/{name}/poll/',
  held: true,

  open(target, sink) {
    let lastId;
    return keepPolling(sink, () => {
      const url = channelUrl(target, 'poll/', { room: target.room, last_id: lastId });
      return { url, line: shown(url), headers: keyHeaders(target.identity) };
    }, (response, body) => {
      if (response.status !== 200) return response.status === 204;
      const message = JSON.parse(body);
      lastId = message.id;
      sink.message(message);
      return true;
    });
  },
};
