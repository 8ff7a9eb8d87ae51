// Unmodified CometD clients of several majors. The adapter keeps one `window` for the whole process, so that a process serves one major.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const extensions = { ack: 'AckExtension', timesync: 'TimeSyncExtension', binary: 'BinaryExtension', reload: 'ReloadExtension' };

async function load(major) {
  if (major >= 8) {
    const { adapt } = await import('cometd-nodejs-client');
    adapt();
    const { CometD } = await import(`cometd-${major}`);
    return { CometD, extension: async name => (await import(`cometd-${major}/${extensions[name]}.js`))[extensions[name]] };
  }
  require('cometd-nodejs-client-1').adapt();
  const { CometD } = require(`cometd-${major}`);
  return { CometD, extension: async name => require(`cometd-${major}/${extensions[name]}`) };
}

// Callback-polling loads scripts; this is what it needs of a page.
function addDocument() {
  const head = {
    appendChild(script) {
      fetch(script.src)
        .then(async answer => {
          if (!answer.ok || !answer.headers.get('content-type').startsWith('text/javascript')) throw new Error(`${answer.status}`);
          new Function('window', `with (window) { ${await answer.text()} }`)(globalThis.window);
        })
        .catch(() => script.onerror({ type: 'error' }));
    },
    removeChild() {},
  };
  globalThis.document = { getElementsByTagName: () => [head], createElement: () => ({}) };
  globalThis.window.document = globalThis.document;
}

export async function makeClient({ major, transport, url, use = ['ack', 'timesync'], options = {} }) {
  const { CometD, extension } = await load(major);
  if (transport === 'callback-polling') addDocument();
  const client = new CometD();
  for (const name of use) client.registerExtension(name, new (await extension(name))());
  for (const type of client.getTransportTypes()) if (transport && type !== transport) client.unregisterTransport(type);
  client.configure({ url, logLevel: 'error', ...options });
  return client;
}

export function handshake(client, properties = {}) {
  return new Promise(resolve => client.handshake(properties, resolve));
}

export function subscribe(client, channel, listener) {
  return new Promise(resolve => client.subscribe(channel, listener, {}, resolve));
}

export function unsubscribe(client, subscription) {
  return new Promise(resolve => client.unsubscribe(subscription, {}, resolve));
}

export function publish(client, channel, data) {
  return new Promise(resolve => client.publish(channel, data, {}, resolve));
}

export function disconnect(client) {
  return new Promise(resolve => client.disconnect(resolve));
}

// Resolves with the first so many values given to `add`.
export function collect(count) {
  const values = [];
  let done;
  const all = new Promise(resolve => { done = resolve; });
  return {
    all,
    values,
    add(value) {
      values.push(value);
      if (values.length === count) done(values);
    },
  };
}
