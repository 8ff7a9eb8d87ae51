// The Playground's two users of a Pusher channel, as the page itself runs them, and its signed trigger.
import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { WebSocket } from 'ws';
import { finish, settings } from './harness.mjs';

Object.assign(globalThis, { WebSocket });
const load = path => import(pathToFileURL(`${settings.page}/${path}`));
const { PusherRoom } = await load('page/pusher-room.js');
const { trigger, triggerCommand } = await load('protocols/pusher-trigger.js');
const { md5 } = await load('protocols/md5.js');

let look = () => {};
const room = (user, channel) => new PusherRoom({ origin: settings.address, user, channel }, () => look());
const until = condition => new Promise(resolve => {
  look = () => { if (condition()) resolve(); };
  look();
});
const heard = (one, text) => one.entries.some(entry => entry.text === text);
const report = {};

const alice = room('1', settings.channel);
const bob = room('2', settings.channel);
alice.join();
await until(() => heard(alice, 'Joined; 1 here.'));
bob.join();
await until(() => heard(alice, 'Bob came.') && heard(bob, 'Joined; 2 here.'));
bob.say('good morning');
await until(() => heard(alice, 'Bob: good morning'));
await trigger(settings.address, settings.channel, 'greeting', '{"text":"it\'s grüße"}');
await until(() => [alice, bob].every(one => heard(one, 'greeting: {"text":"it\'s grüße"}')));
bob.leave();
await until(() => heard(alice, 'Bob left.'));
report.alice = alice.entries.map(({ kind, text }) => `${kind}: ${text}`).reverse();
report.bobsMembers = bob.members.size;
alice.leave();

// Private channels have no members, and count who is there.
const one = room('1', settings.notes);
const two = room('2', settings.notes);
one.join();
two.join();
await until(() => one.subscribers === 2 && two.subscribers === 2);
two.say('a note');
await until(() => heard(one, 'client-message: a note'));
report.nobody = await new Promise(resolve => {
  const stranger = room('nobody', settings.notes);
  look = () => { if (stranger.state === 'refused') resolve(stranger.state); };
  stranger.join();
});

report.command = await triggerCommand(settings.address, settings.channel, 'greeting', "it's");
report.digests = [0, 1, 55, 56, 63, 64, 65, 1000].every(length => {
  const bytes = Buffer.alloc(length, 'grüße');
  return md5(bytes) === createHash('md5').update(bytes).digest('hex');
});
finish(report);
