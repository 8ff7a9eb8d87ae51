import { channelUrl, errorText, keyHeaders, shown } from './addresses.js';
import { afterLoss, afterRefusal, pause } from './retry.js';

export default {
  id: 'long-poll',
  family: 'Syncano',
  title: 'Long poll',
  path: 'GET channels/{name}/poll/',
  held: true,

  open(target, sink) {
    const stop = new AbortController();
    follow(target, sink, stop.signal);
    return () => stop.abort();
  },
};

async function follow(target, sink, signal) {
  let lastId;
  while (!signal.aborted) {
    const url = channelUrl(target, 'poll/', { room: target.room, last_id: lastId });
    sink.frame('out', `GET ${shown(url)}`);
    sink.state('waiting');
    try {
      const response = await fetch(url, { headers: keyHeaders(target.identity), cache: 'no-store', signal });
      const body = await response.text();
      sink.frame('in', `${response.status} ${body}`.trim());
      if (response.status === 200) {
        const message = JSON.parse(body);
        lastId = message.id;
        sink.message(message);
      } else if (response.status !== 204) {
        const isBusy = response.status === 429 || response.status === 503;
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
