// The family album of the Playground's page, as the page itself uses it: what one member does, the other sees.
import { pathToFileURL } from 'node:url';
import { WebSocket } from 'ws';
import { finish, settings } from './harness.mjs';

Object.assign(globalThis, { WebSocket });
const { Album } = await import(pathToFileURL(`${settings.page}/page/album.js`));

const lookAgain = new Set();
const open = identity => new Album(
  { origin: settings.address, instance: settings.instance, channel: 'new_photo', room: '', identity },
  () => lookAgain.forEach(look => look()));
const until = condition => new Promise(resolve => {
  const look = () => { if (condition()) { lookAgain.delete(look); resolve(); } };
  lookAgain.add(look);
  look();
});
const title = settings.name;
const photoOf = album => album.photos.find(photo => photo.title === title);

const [alice, bob] = [open(settings.alice), open(settings.bob)];
const { id } = await alice.add(title, '🌅');
await until(() => photoOf(alice) && photoOf(bob));
const seen = { ...photoOf(bob) };
await bob.like(id);
await until(() => photoOf(alice).likes === 1 && photoOf(bob).likes === 1);
const late = open(settings.bob);
await until(() => photoOf(late));
const seenLate = { ...photoOf(late) };
const refused = await bob.remove(id).catch(error => error.message);
await alice.remove(id);
await until(() => [alice, bob, late].every(album => !photoOf(album)));
finish({ id, seen, seenLate, refused });
