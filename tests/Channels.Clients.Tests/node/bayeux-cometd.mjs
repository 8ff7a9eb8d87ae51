// What an application does with CometD: two clients that talk to each other.
import { finish, settings } from './harness.mjs';
import { collect, disconnect, handshake, makeClient, publish, subscribe, unsubscribe } from './bayeux-client.mjs';

const { channel, major, transport } = settings;
const url = new URL('v2/channel/subscribe', settings.address).href;
// Two clients that poll by scripts would share the names of their callbacks.
const alice = await makeClient({ major, transport: transport === 'callback-polling' ? 'long-polling' : transport, url });
const bob = await makeClient({ major, transport, url, use: settings.ack ? ['ack'] : [] });
const greeting = await handshake(alice, { ext: { userName: 'alice', authorization: 'Bearer alice-token' } });
await handshake(bob);

const exact = collect(settings.count);
const pattern = collect(settings.count);
const other = [];
const subscriptions = [];
const replies = [];
subscriptions.push(bob.subscribe(channel, message => exact.add(message.data)));
await subscribe(bob, `${channel}/*`, message => pattern.add({ channel: message.channel, data: message.data }));
replies.push((await subscribe(bob, '/meta/no', () => {})).error);
const echo = collect(1);
await subscribe(alice, channel, message => echo.add(message.data));

alice.batch(() => {
  for (let n = 0; n < settings.count; n++) alice.publish(channel, { n, text: 'grüße 🚀 \u2028', nested: { nothing: null } });
});
for (let n = 0; n < settings.count; n++) replies.push((await publish(alice, `${channel}/part${n % 2}`, n)).successful);
await exact.all;
await pattern.all;
await echo.all;

await unsubscribe(bob, subscriptions[0]);
const marker = collect(1);
await subscribe(bob, `${channel}/end`, message => marker.add(message.data));
await publish(alice, channel, 'nobody hears this');
await publish(alice, `${channel}/end`, 'end');
await marker.all;

finish({
  handshake: { successful: greeting.successful, types: greeting.supportedConnectionTypes },
  transport: bob.getTransport().type ?? bob.getTransport().getType(),
  exact: exact.values,
  pattern: pattern.values,
  replies,
  late: exact.values.length - settings.count,
  disconnected: [(await disconnect(alice)).successful, (await disconnect(bob)).successful],
  timesync: typeof alice.getExtension('timesync').getTimeOffset(),
});
