// Namespaces, acks and binary values, over the host of the public suites, whose heartbeat is one second.
import { createRequire } from 'node:module';
import { finish, settings } from './harness.mjs';

const client = createRequire(import.meta.url)(`socket.io-client-${settings.version}`);
const io = client.io ?? client;
const options = { transports: settings.transports, forceNew: true, reconnection: false };
const once = (emitter, name) => new Promise(resolve => emitter.once(name, (...values) => resolve(values)));
const hex = value => Buffer.from(value).toString('hex');

const socket = io(settings.address, options);
await once(socket, 'connect');
socket.emit('message', 'ä€🚀', Buffer.from([1, 2, 3]), { deep: [Buffer.from([4])] });
const [text, bytes, { deep }] = await once(socket, 'message-back');
const acknowledged = await new Promise(resolve => socket.emit('message-with-ack', 7, Buffer.from([5, 6]), (...values) => resolve(values)));

const custom = io(`${settings.address}/custom`, options);
await once(custom, 'connect');
custom.emit('message', 'custom');
const [inCustom] = await once(custom, 'message-back');
const unknown = io(`${settings.address}/nowhere`, options);
const refused = await Promise.race([once(unknown, 'error'), once(unknown, 'connect_error')]);

await new Promise(resolve => setTimeout(resolve, 2500));
socket.emit('message', 'still here');
const [later] = await once(socket, 'message-back');
const transport = socket.io.engine.transport.name;
[socket, custom, unknown].forEach(each => each.disconnect());
finish({
  transport, text, bytes: hex(bytes), deep: hex(deep[0]), number: acknowledged[0], ack: hex(acknowledged[1]), inCustom,
  refused: refused[0]?.message ?? refused[0], later,
});
