// What the clients of the Pusher wire share: names, leave to subscribe, frames.
import { followWebSocket } from './web-socket.js';

export const key = 'demo-key';

export const isGuarded = channel => /^(private|presence)-/.test(channel);

// How Pusher's wire spells a channel with a room.
export const nameOf = target => target.room ? `${target.channel}.${target.room}` : target.channel;

// Follows the connection of one user, which is opened again whenever it ends, subscribed to one channel. `read(frame, data)` gets everything else,
// and the function that is returned has `send(frame)` beside it.
export function followPusher({ origin, channel, user }, sink, read) {
  let socket;
  const send = frame => {
    const text = JSON.stringify(frame);
    sink.frame('out', text);
    socket.send(text);
  };
  const stop = followWebSocket(() => new URL(`/app/${key}?protocol=7&client=channels-playground&version=1.0`, origin), sink, async (frame, opened) => {
    socket = opened ?? socket;
    const data = typeof frame.data === 'string' ? parse(frame.data) : frame.data;
    if (frame.event === 'pusher:connection_established') {
      try {
        send({ event: 'pusher:subscribe', data: { channel, ...await authorize(origin, user, data.socket_id, channel) } });
      } catch (error) {
        sink.state('refused', error.message);
      }
    } else if (frame.event === 'pusher:ping') {
      send({ event: 'pusher:pong', data: {} });
    } else if (frame.event === 'pusher:subscription_error') {
      sink.state('refused', frame.data.error);
    } else {
      read(frame, data);
    }
  });
  return Object.assign(stop, { send });
}

// Asks the application's own server, which knows who its user is.
async function authorize(origin, user, socketId, channel) {
  if (!isGuarded(channel)) return {};
  const form = new URLSearchParams({ socket_id: socketId, channel_name: channel });
  const response = await fetch(new URL(`/pusher/auth?user=${user}`, origin), { method: 'POST', body: form });
  if (!response.ok) throw new Error(`${response.status}: not authorized`);
  return response.json();
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
