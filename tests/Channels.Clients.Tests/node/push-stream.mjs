// The npm clients of WebSockets and event streams, over several Dashly channels: live, then cut and resumed across transports.
import { EventSource } from 'eventsource';
import { WebSocket } from 'ws';
import { finish, settings } from './harness.mjs';

const channels = settings.channels.join('/');

function url(transport, cursor) {
  const address = new URL(`/${transport}/${channels}`, settings.address);
  address.searchParams.set('auth_token', settings.alice.token);
  if (cursor) {
    address.searchParams.set('time', cursor.time);
    address.searchParams.set('tag', cursor.tag);
  }
  return address;
}

async function publish(channel, n) {
  const response = await fetch(new URL(`/v1.1/instances/${settings.instance}/messages/`, settings.address), {
    method: 'POST',
    headers: { 'X-API-KEY': settings.admin.accountKey, 'Content-Type': 'application/json' },
    body: JSON.stringify({ channel, payload: { n } }),
  });
  return (await response.json()).id;
}

// Reads objects until there are enough of them.
function collector() {
  const objects = [];
  let look = () => {};
  return {
    objects,
    add: text => { objects.push(JSON.parse(text)); look(); },
    has: count => new Promise(resolve => {
      look = () => { if (objects.length >= count) resolve(); };
      look();
    }),
  };
}

async function openSocket(cursor) {
  const collected = collector();
  const socket = new WebSocket(url('websocket', cursor));
  socket.on('message', data => collected.add(data.toString()));
  await new Promise((resolve, reject) => { socket.on('open', resolve); socket.on('error', reject); });
  return { ...collected, socket };
}

async function openEvents(cursor) {
  const collected = collector();
  const events = new EventSource(url('eventsource', cursor));
  events.addEventListener('message', event => collected.add(event.data));
  await new Promise((resolve, reject) => { events.onopen = resolve; events.onerror = reject; });
  return { ...collected, events };
}

const ids = [];
const [first, second] = settings.channels;
const socket = await openSocket();
const events = await openEvents();
ids.push(await publish(first, 1), await publish(second, 2));
await socket.has(2);
await events.has(2);
const ping = new Promise(resolve => socket.socket.on('pong', resolve));
socket.socket.ping();
await ping;
socket.socket.terminate();
events.events.close();

ids.push(await publish(second, 3), await publish(first, 4));
const cursor = socket.objects.at(-1);
const resumedEvents = await openEvents(cursor);
await resumedEvents.has(2);
const poll = await fetch(url('longpoll', cursor));
const body = await poll.text();
const resumedSocket = await openSocket({ time: poll.headers.get('last-modified'), tag: poll.headers.get('etag') });
ids.push(await publish(first, 5));
await resumedSocket.has(1);
const closed = new Promise(resolve => resumedSocket.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })));
resumedSocket.socket.close(1000, 'done');

const refused = new Promise(resolve => {
  const denied = new WebSocket(Object.assign(url('websocket'), { search: '?auth_token=unknown' }));
  denied.on('error', () => {});
  denied.on('unexpected-response', (request, response) => resolve(response.statusCode));
});

finish({
  ids,
  live: { socket: socket.objects, events: events.objects },
  resumed: { events: resumedEvents.objects, poll: body.split('\r\n').map(text => JSON.parse(text)), socket: resumedSocket.objects },
  closed: await closed,
  refused: await refused,
});
