import { errorText } from './addresses.js';
import { md5 } from './md5.js';
import { key, nameOf } from './pusher-wire.js';

// An application's server keeps its secret to itself; this page plays that server, with a secret that everybody knows.
const app = { id: '1', secret: 'demo-secret' };
const encoder = new TextEncoder();

// A request that the server accepts for ten minutes: the body's digest and all parameters are signed.
export async function signedTrigger(origin, channel, event, data, now = Date.now()) {
  const path = `/apps/${app.id}/events`;
  const body = JSON.stringify({ name: event, channels: [channel], data });
  const query = `auth_key=${key}&auth_timestamp=${Math.floor(now / 1000)}&auth_version=1.0&body_md5=${md5(encoder.encode(body))}`;
  return { url: `${new URL(path, origin)}?${query}&auth_signature=${await sign(`POST\n${path}\n${query}`)}`, body };
}

export async function triggerCommand(origin, channel, event, data) {
  const { url, body } = await signedTrigger(origin, channel, event, data);
  return `curl -H 'Content-Type: application/json' \\\n  -d '${body.replaceAll("'", "'\\''")}' \\\n  '${url}'`;
}

export async function trigger(origin, channel, event, data) {
  const { url, body } = await signedTrigger(origin, channel, event, data);
  const response = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  if (!response.ok) throw new Error(errorText(response.status, await response.text()));
}

async function sign(text) {
  const secret = await crypto.subtle.importKey('raw', encoder.encode(app.secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return toHex(new Uint8Array(await crypto.subtle.sign('HMAC', secret, encoder.encode(text))));
}

const toHex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');

export default {
  id: 'pusher-trigger',
  family: 'Pusher',
  title: 'Signed trigger',
  path: 'POST /apps/{id}/events',

  // The wire tells no id of what was published.
  async publish(target, json) {
    await trigger(target.origin, nameOf(target), 'message', json);
    return {};
  },
};
