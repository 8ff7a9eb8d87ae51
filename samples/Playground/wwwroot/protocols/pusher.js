import { followWebSocket } from './web-socket.js';
import { md5 } from './md5.js';

// The demo app's credentials. A browser never has the secret of a real app: what it signs here, your server would.
const key = 'demo-key';
const secret = 'demo-secret';
const appId = '1';

const utf8 = text => new TextEncoder().encode(text);
const hex = bytes => Array.from(new Uint8Array(bytes), byte => byte.toString(16).padStart(2, '0')).join('');

async function sign(text) {
  const hmac = await crypto.subtle.importKey('raw', utf8(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return hex(await crypto.subtle.sign('HMAC', hmac, utf8(text)));
}

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
  path: 'GET /app/{key}, POST /apps/{id}/events',

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

  async publish(target, json) {
    const path = `/apps/${appId}/events`;
    const body = JSON.stringify({ name: 'message', channels: [nameOf(target)], data: json });
    const query = `auth_key=${key}&auth_timestamp=${Math.floor(Date.now() / 1000)}&auth_version=1.0&body_md5=${md5(utf8(body))}`;
    const signature = await sign(`POST\n${path}\n${query}`);
    const response = await fetch(new URL(`${path}?${query}&auth_signature=${signature}`, target.origin), {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body,
    });
    if (!response.ok) throw new Error(`${response.status}: ${(await response.json()).error}`);
    return {};
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
