import { keepPolling } from './polling.js';
import { objects, pushStreamUrl, take } from './push-stream.js';

export default {
  id: 'push-long-poll',
  family: 'Push stream',
  title: 'Long poll',
  path: 'GET longpoll/{name}',
  held: true,

  open(target, sink) {
    let cursor;
    return keepPolling(sink, () => {
      const url = pushStreamUrl(target, 'longpoll', cursor);
      return { url, line: `${url.pathname}${cursor ? `?tag=${cursor.tag}` : ''}` };
    }, (response, body) => {
      const [time, tag] = [response.headers.get('Last-Modified'), response.headers.get('Etag')];
      if (time && tag) cursor = { time, tag };
      if (response.status === 200) objects(body).forEach(object => take(object, sink));
      return response.status === 200 || response.status === 304;
    });
  },
};
