// The protocols of the Playground's page, as the page itself uses them: published through one, arrived through all.
import { pathToFileURL } from 'node:url';
import { EventSource } from 'eventsource';
import { WebSocket } from 'ws';
import { finish, settings } from './harness.mjs';

Object.assign(globalThis, { EventSource, WebSocket });
const { default: protocols } = await import(pathToFileURL(`${settings.page}/protocols/index.js`));

const target = identity => ({ origin: settings.address, instance: settings.instance, channel: settings.name, room: settings.room, identity });
const arrived = {};
let lookAgain;

for (const protocol of protocols.filter(({ open }) => open)) {
  arrived[protocol.id] = [];
  protocol.open(target(settings.bob), {
    state() {},
    frame() {},
    message(message) {
      arrived[protocol.id].push(message);
      lookAgain?.();
    },
  });
}

// Nobody can know when a poll is waiting, so the first message is repeated until everybody has heard one.
const knocking = protocols.find(({ id }) => id === 'rest');
while (Object.values(arrived).some(messages => messages.length === 0)) await knocking.publish(target(settings.alice), '{"knock":true}');

const published = {};
for (const protocol of protocols.filter(({ publish }) => publish)) {
  const { id } = await protocol.publish(target({ apiKey: settings.admin.accountKey }), JSON.stringify({ through: protocol.id }));
  published[protocol.id] = id ?? null;
}

// The last one that was published is the last to arrive; not every wire tells ids.
const last = Object.keys(published).at(-1);
await new Promise(resolve => {
  lookAgain = () => { if (Object.values(arrived).every(messages => messages.at(-1).payload.through === last)) resolve(); };
  lookAgain();
});
finish({ published, arrived });
