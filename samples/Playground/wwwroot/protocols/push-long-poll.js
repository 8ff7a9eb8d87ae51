import { errorText } from './addresses.js';
import { objects, pushStreamUrl, take } from './push-stream.js';
import { afterLoss, afterRefusal, pause } from './retry.js';

export default {
  id: 'push-long-poll',
  family: 'Push stream',
  title: 'Long poll',
  path: 'GET longpoll/{name}',
  held: true,

  open(target, sink) {
    const stop = new AbortController();
    follow(target, sink, stop.signal);
    return () => stop.abort();
  },
};

async function follow(target, sink, signal) {
  let cursor;
  while (!signal.aborted) {
    const url = pushStreamUrl(target, 'longpoll', cursor);
    sink.frame('out', `GET ${url.pathname}${cursor ? `?tag=${cursor.tag}` : ''}`);
    sink.state('waiting');
    try {
      const response = await fetch(url, { cache: 'no-store', signal });
      const body = await response.text();
      const [time, tag] = [response.headers.get('Last-Modified'), response.headers.get('Etag')];
      if (time && tag) cursor = { time, tag };
      sink.frame('in', `${response.status} ${body}`.trim());
      if (response.status === 200) {
        objects(body).forEach(object => take(object, sink));
      } else if (response.status !== 304) {
        const isBusy = response.status === 503;
        sink.state(isBusy ? 'retrying' : 'refused', errorText(response.status, body));
        await pause(isBusy ? 1000 * (Number(response.headers.get('Retry-After')) || 1) : afterRefusal, signal);
      }
    } catch (error) {
      if (signal.aborted) return;
      sink.state('retrying', error.message);
      await pause(afterLoss, signal);
    }
  }
}
