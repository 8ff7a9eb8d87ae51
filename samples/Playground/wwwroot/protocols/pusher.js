import { followWebSocket } from './web-socket.js';

const key = 'demo-key';

// How Pusher's wire spells a channel with a room.
const nameOf = target => target.room ? `${target.channel}.${target.room}` : target.channel;

// Presence channels need to know who one is; the demo users have these ids.
const userOf = target => target.identity.name === 'bob' ? '2' : '1';

async function authorize(target, socketId, channel) {
  if (!/^(private|presence)-/.test(channel)) return {};
  const form = new URLSearchParams({ socket_id: socketId, channel_name: channel });
  const response = await fetch(new URL(`/pusher/auth?user=${userOf(target)}`, target.origin), { method: 'POST', body: form });
  if (!response.ok) throw new Error(`${response.status}: not authorized`);
  return response.json();
}

export default {
  id: 'pusher',
  family: 'Pusher',
  title: 'Channels WebSocket',
  path: 'GET /app/{key}',

  open(target, sink) {
    const channel = nameOf(target);
    let socket;
    return followWebSocket(() => new URL(`/app/${key}?protocol=7&client=channels-playground&version=1.0`, target.origin), sink, async (frame, opened) => {
      socket = opened ?? socket;
      const data = typeof frame.data === 'string' ? parse(frame.data) : frame.data;
      if (frame.event === 'pusher:connection_established') {
        try {
          send(socket, sink, { event: 'pusher:subscribe', data: { channel, ...await authorize(target, data.socket_id, channel) } });
        } catch (error) {
          sink.state('refused', error.message);
        }
      } else if (frame.event === 'pusher:ping') {
        send(socket, sink, { event: 'pusher:pong', data: {} });
      } else if (frame.event === 'pusher:subscription_error') {
        sink.state('refused', frame.data.error);
      } else if (frame.channel === channel && !frame.event.startsWith('pusher')) {
        sink.message({ payload: data });
      }
    });
  },
};

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function send(socket, sink, frame) {
  const text = JSON.stringify(frame);
  sink.frame('out', text);
  socket.send(text);
}
