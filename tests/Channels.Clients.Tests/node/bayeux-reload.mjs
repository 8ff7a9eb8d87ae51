// One page of an application that is reloaded: the first leaves its session behind, the second, a process of its own, goes on with it.
import { finish, settings } from './harness.mjs';
import { collect, handshake, makeClient, publish, subscribe } from './bayeux-client.mjs';

const { channel, major, transport, ack, stored, last } = settings;
const url = new URL('v2/channel/subscribe', settings.address).href;
const client = await makeClient({ major, transport, url, use: ack ? ['ack', 'reload'] : ['reload'] });

// What a browser keeps for a tab from page to page.
const storage = new Map(Object.entries(stored ?? {}));
window.sessionStorage = {
  getItem: name => storage.get(name) ?? null,
  setItem: (name, value) => storage.set(name, value),
  removeItem: name => storage.delete(name),
};

const received = [];
const complete = collect(1);
const greeting = await handshake(client);
const subscribed = subscribe(client, channel, message => {
  received.push(message.data.type);
  if (message.data.type === last) complete.add(last);
});
const reply = await subscribed;
await publish(client, channel, { type: last });
await complete.all;
const clientId = client.getClientId();
if (!stored) client.reload();
finish({ received, clientId, subscribed: reply.successful, reloaded: greeting.ext?.reload === true, stored: Object.fromEntries(storage) });
