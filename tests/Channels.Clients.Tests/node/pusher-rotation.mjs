// pusher-js over xhr_streaming opens its stream anew, with the same session, once it has read 256 KiB of one.
import { finish, settings } from './harness.mjs';
import { collect, connect, connected, server, subscribed } from './pusher-harness.mjs';

const { events, bytes } = settings;
const api = server();
const client = connect({ user: '1', transports: ['xhr_streaming'] });
const states = [];
client.connection.bind('state_change', ({ current }) => states.push(current));
const socketId = await connected(client);
const sockets = client.connection.connection.transport.socket;
let streams = 1;
const open = sockets.openStream;
sockets.openStream = function (...values) {
  streams++;
  return open.apply(this, values);
};

const channel = await subscribed(client, 'private-rotation');
const seen = collect(channel, 'long');
for (let n = 0; n < events; n++) {
  await api.trigger('private-rotation', 'long', { n, text: 'x'.repeat(bytes) });
  await seen.until(n + 1);
}

finish({ states, streams, sameSocket: client.connection.socket_id === socketId, numbers: seen.seen.map(({ data }) => data.n) });
