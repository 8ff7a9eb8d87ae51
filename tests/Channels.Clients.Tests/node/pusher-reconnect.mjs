// The WebSocket of a pusher-js client is cut without a word; the client comes back by itself and subscribes again.
import { finish, settings } from './harness.mjs';
import { collect, connect, connected, once, server, subscribed } from './pusher-harness.mjs';
import { createServer } from 'node:http';

// The application's own server takes the webhooks.
const webhooks = [];
let tellLeft;
const left = new Promise(resolve => { tellLeft = resolve; });
const receiver = createServer((request, response) => {
  const parts = [];
  request.on('data', part => parts.push(part));
  request.on('end', () => {
    webhooks.push(...JSON.parse(Buffer.concat(parts)).events.filter(event => event.channel === 'presence-grace'));
    response.end();
    if (webhooks.at(-1)?.name === 'member_removed') tellLeft();
  });
});
await new Promise(resolve => receiver.listen(settings.webhookPort, '127.0.0.1', resolve));

const api = server();
const alice = connect({ user: '1' });
const bob = connect({ user: '2' });
await connected(alice);
const first = await connected(bob);
const hall = await subscribed(alice, 'presence-grace');
await subscribed(bob, 'presence-grace');
const bobs = await subscribed(bob, 'private-grace');
const seen = collect(bobs, 'before', 'after');
await api.trigger('private-grace', 'before', {});
await seen.until(1);

// What happens to a train in a tunnel.
const back = once(bobs, 'pusher:subscription_succeeded');
const hallAgain = once(bob.channel('presence-grace'), 'pusher:subscription_succeeded');
bob.connection.connection.transport.socket._stream.destroy();
await back;
await hallAgain;
const second = bob.connection.socket_id;
await api.trigger('private-grace', 'after', {});
await seen.until(2);
while (hall.members.get('2') === null) await new Promise(setImmediate);
const members = Object.keys(hall.members.members);

// He does leave in the end, which is told; had he been taken for gone before, that would have come earlier.
bob.disconnect();
await left;

finish({ reconnected: first !== second, names: seen.seen.map(event => event.name), members, webhooks: webhooks.map(({ name, user_id }) => user_id ? `${name} ${user_id}` : name) });
