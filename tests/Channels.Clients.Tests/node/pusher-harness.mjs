// What the scripts for Pusher's own libraries share.
import { createRequire } from 'node:module';
import Echo from 'laravel-echo';
import { settings } from './harness.mjs';

const require = createRequire(import.meta.url);
const { hostname, port } = new URL(settings.address);

export const Server = require('pusher');
export const PlainClient = require('pusher-js');
export { Echo };

// The unmodified browser and node client. Only host, port and TLS differ from what a user of the service writes.
export function connect({ user, Client = PlainClient, transports = ['ws'], ...options } = {}) {
  const query = `?user=${encodeURIComponent(user ?? '')}`;
  return new Client('demo-key', {
    cluster: '',
    wsHost: hostname,
    wsPort: port,
    httpHost: hostname,
    httpPort: port,
    forceTLS: false,
    enabledTransports: transports,
    channelAuthorization: { endpoint: `${settings.address}/pusher/auth${query}`, transport: 'ajax' },
    userAuthentication: { endpoint: `${settings.address}/pusher/user-auth${query}`, transport: 'ajax' },
    ...options,
  });
}

// The unmodified server library.
export function server(options = {}) {
  return new Server({ appId: '1', key: 'demo-key', secret: 'demo-secret', host: hostname, port, useTLS: false, ...options });
}

// Resolves with the arguments of an event's next occurrence.
export function once(emitter, name) {
  return new Promise(resolve => {
    const handler = (...values) => {
      emitter.unbind(name, handler);
      resolve(values);
    };
    emitter.bind(name, handler);
  });
}

// Everything that comes, in order, and a promise for a count of it.
export function collect(channel, ...names) {
  const seen = [];
  let wake = () => {};
  for (const name of names) channel.bind(name, (data, metadata) => {
    seen.push({ name, data, metadata });
    wake();
  });
  return {
    seen,
    async until(count) {
      while (seen.length < count) await new Promise(resolve => { wake = resolve; });
      return seen;
    },
  };
}

export async function connected(client) {
  if (client.connection.state !== 'connected') await once(client.connection, 'connected');
  return client.connection.socket_id;
}

export async function subscribed(client, name) {
  const channel = client.subscribe(name);
  const [data] = channel.subscribed ? [undefined] : await once(channel, 'pusher:subscription_succeeded');
  return Object.assign(channel, { first: data });
}
