import { errorText } from './addresses.js';
import { afterLoss, afterRefusal, keepConnected } from './retry.js';

// Polls again and again until the returned function is called. `ask()` makes the next request: { url, line, headers }, where `line` is what to
// show of it. `take(response, body)` says whether the answer is a regular one.
export function keepPolling(sink, ask, take) {
  return keepConnected(async signal => {
    const { url, line, headers } = ask();
    sink.frame('out', `GET ${line}`);
    sink.state('waiting');
    try {
      const response = await fetch(url, { headers, cache: 'no-store', signal });
      const body = await response.text();
      sink.frame('in', `${response.status} ${body}`.trim());
      if (take(response, body)) return 0;
      const isBusy = response.status === 429 || response.status === 503;
      sink.state(isBusy ? 'retrying' : 'refused', errorText(response.status, body));
      return isBusy ? 1000 * (Number(response.headers.get('Retry-After')) || 1) : afterRefusal;
    } catch (error) {
      if (!signal.aborted) sink.state('retrying', error.message);
      return afterLoss;
    }
  });
}
