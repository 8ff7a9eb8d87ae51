// Many clients at once, all of which subscribe and receive the same.
import { createRequire } from 'node:module';
import { finish, settings } from './harness.mjs';

const client = createRequire(import.meta.url)(`socket.io-client-${settings.version}`);
const io = client.io ?? client;
const channel = `network_timeline:${settings.name}`;
const sockets = await Promise.all(Array.from({ length: settings.count }, () => new Promise((resolve, reject) => {
  const socket = io(settings.address, { forceNew: true, transports: settings.transports });
  socket.on('connect_error', reject);
  socket.on('connect', () => socket.emit('subscribe', { channel, accessToken: settings.token }, answer => {
    if (answer.ok) resolve(socket); else reject(new Error(JSON.stringify(answer)));
  }));
})));
const received = Promise.all(sockets.map(socket => new Promise(resolve => {
  const numbers = [];
  socket.on(channel, number => { if (numbers.push(number) === settings.messages) resolve(numbers); });
})));
for (let number = 0; number < settings.messages; number++) {
  await fetch(`${settings.address}/v1.1/instances/${settings.instance}/messages/`, {
    method: 'POST',
    headers: { 'X-API-KEY': settings.admin.accountKey, 'Content-Type': 'application/json' },
    body: JSON.stringify({ channel, payload: number }),
  });
}
const numbers = await received;
sockets.forEach(socket => socket.disconnect());
finish({ clients: numbers.length, different: [...new Set(numbers.map(each => each.join()))] });
