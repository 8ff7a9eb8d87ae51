// The Faye client, which handshakes over HTTP and goes on over a WebSocket where it may.
import { createRequire } from 'node:module';
import { finish, settings } from './harness.mjs';
import { collect } from './bayeux-client.mjs';

const faye = createRequire(import.meta.url)('faye');
const url = new URL('v2/channel/subscribe', settings.address).href;

function connect() {
  const client = new faye.Client(url, { timeout: 60 });
  if (settings.transport === 'long-polling') client.disable('websocket');
  return client;
}

const alice = connect();
const bob = connect();
const received = collect(settings.count);
const pattern = collect(settings.count);
await bob.subscribe(settings.channel, data => received.add(data));
await bob.subscribe(`${settings.channel}/**`).withChannel((channel, data) => pattern.add({ channel, data }));
for (let n = 0; n < settings.count; n++) {
  await alice.publish(settings.channel, { n });
  await alice.publish(`${settings.channel}/a/b`, n);
}
let refused;
await bob.subscribe('/meta/connect').then(() => {}, error => { refused = { code: error.code, message: error.message }; });
finish({ transport: bob._dispatcher.connectionType, received: await received.all, pattern: await pattern.all, refused });
