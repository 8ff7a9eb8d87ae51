// What a client of Speakap does: subscribe to one channel and to many, receive, unsubscribe, lose the connection and come back.
import { createRequire } from 'node:module';
import { finish, settings } from './harness.mjs';

const client = createRequire(import.meta.url)(`socket.io-client-${settings.version}`);
const io = client.io ?? client;
const messages = `${settings.address}/v1.1/instances/${settings.instance}/messages/`;

const publish = (channel, payload) => fetch(messages, {
  method: 'POST',
  headers: { 'X-API-KEY': settings.admin.accountKey, 'Content-Type': 'application/json' },
  body: JSON.stringify({ channel, payload }),
}).then(async response => { if (!response.ok) throw new Error(await response.text()); });
const once = (emitter, name) => new Promise(resolve => emitter.once(name, resolve));
const ask = (socket, command, argument) => new Promise(resolve => socket.emit(command, argument, resolve));

const [one, two, large] = ['one', 'two', 'large'].map(name => `network_timeline:${settings.name}-${name}`);
const socket = io(settings.address, {
  transports: settings.transports, forceNew: true, reconnectionDelay: 10, reconnectionDelayMax: 20, randomizationFactor: 0,
});
const received = [];
for (const channel of [one, two, large, 'config']) socket.on(channel, payload => received.push({ channel, payload }));
const arrived = async count => { while (received.length < count) await new Promise(resolve => setTimeout(resolve, 5)); };

await once(socket, 'connect');
if (settings.transports.length > 1 && socket.io.engine.transport.name !== 'websocket') await once(socket.io.engine, 'upgrade');
const transport = socket.io.engine.transport.name;
const answers = {
  one: await ask(socket, 'subscribe', { channel: one, accessToken: settings.token }),
  many: await ask(socket, 'subscribe', { channel: `${two}  ${large} config nothing`, accessToken: settings.token }),
  noToken: await ask(socket, 'subscribe', { channel: two }),
};
const error = once(socket, 'subscribe_error');
socket.emit('subscribe', { channel: 'config', accessToken: 'wrong-token' });
const refused = await error;

const text = 'é€漢🚀 "\u2028"';
const long = 'ä€🚀-'.repeat(4600);
await publish(one, { event: 'create', text });
await publish(large, { long });
await publish(two, [1, null, text]);
await arrived(3);
const whole = received[1].payload.long === long;
received[1].payload = long.length;

answers.unsubscribed = await ask(socket, 'unsubscribe', { channel: two });
await publish(two, 'not for us');
await publish(one, 'fence');
await arrived(4);

// Losing the transport, the client comes back by itself with a new session and without subscriptions.
const before = socket.io.engine.id;
const lost = once(socket, 'disconnect');
socket.io.engine.close();
const reason = await lost;
if (!socket.connected) {
  const back = once(socket, 'connect');
  if (reason === 'forced close') socket.connect();
  await back;
}
const isNew = socket.io.engine.id !== before;
await publish(one, 'missed');
await ask(socket, 'subscribe', { channel: one, accessToken: settings.token });
await publish(one, 'again');
await arrived(5);
const closed = once(socket, 'disconnect');
socket.disconnect();
finish({ transport, answers, refused, received, whole, isNew, closed: await closed });
