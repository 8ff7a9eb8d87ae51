import { BayeuxSession, path } from './bayeux.js';
import { afterLoss, afterRefusal, keepConnected } from './retry.js';

const connectionType = 'long-polling';

export default {
  id: 'bayeux-long-polling',
  family: 'Bayeux',
  title: 'Long polling',
  path: `POST ${path}`,
  held: true,

  open(target, sink) {
    return keepConnected(signal => follow(target, sink, signal));
  },
};

// Follows for as long as one session lasts; resolves to the milliseconds to wait before the next one.
async function follow(target, sink, signal) {
  const session = new BayeuxSession(target, sink);
  const send = async text => {
    sink.frame('out', text);
    const response = await fetch(new URL(path, target.origin), {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: text, cache: 'no-store', signal,
    });
    const body = await response.text();
    sink.frame('in', body || `${response.status}`);
    if (!response.ok) throw new Error(`${response.status}`);
    return session.read(body);
  };
  try {
    sink.state('connecting');
    let next = await send(session.handshake(connectionType));
    while (next === 'subscribe' || next === 'connect') {
      if (next === 'connect') sink.state('waiting');
      next = await send(next === 'subscribe' ? session.subscribe() : session.connect(connectionType));
    }
    return next === 'stop' ? afterRefusal : afterLoss;
  } catch (error) {
    if (!signal.aborted) sink.state('retrying', error.message);
    return afterLoss;
  }
}
