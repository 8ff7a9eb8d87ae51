// Every flow of pusher-js, over whatever transport the settings name, triggered by the unmodified server library.
import { finish, settings } from './harness.mjs';
import { collect, connect, connected, once, server, subscribed } from './pusher-harness.mjs';

const { transports, suffix } = settings;
const name = base => `${base}-${suffix}`;
const api = server();
const report = {};

const alice = connect({ user: '1', transports });
const bob = connect({ user: '2', transports });
report.socketId = await connected(alice);
await connected(bob);
report.transport = alice.connection.connection.transport.name;

// Public: several channels, one connection left out.
const news = await subscribed(alice, name('news'));
const bobsNews = await subscribed(bob, name('news'));
const newsEvents = collect(news, 'order', 'text', 'excluded', 'batch');
const bobsNewsEvents = collect(bobsNews, 'excluded');
await api.trigger([name('news'), name('other')], 'order', { id: 5, text: 'grüße 🚀 "\\' });
await api.trigger(name('news'), 'text', 'no JSON');
await api.trigger(name('news'), 'excluded', { n: 1 }, { socket_id: bob.connection.socket_id });
await api.triggerBatch([1, 2, 3].map(n => ({ channel: name('news'), name: 'batch', data: { n } })));
report.news = await newsEvents.until(6);

// Private, with client events between the two.
const room = await subscribed(alice, name('private-room'));
const bobsRoom = await subscribed(bob, name('private-room'));
const typed = collect(room, 'client-typing');
bobsRoom.trigger('client-typing', { who: 'bob' });
report.typed = await typed.until(1);
report.refused = await new Promise(resolve => {
  const channel = connect({ user: 'nobody', transports }).subscribe(name('private-room'));
  channel.bind('pusher:subscription_error', resolve);
});

// Presence.
const hall = await subscribed(alice, name('presence-hall'));
report.alone = { count: hall.members.count, me: hall.members.me };
const added = once(hall, 'pusher:member_added');
const bobsHall = await subscribed(bob, name('presence-hall'));
report.added = (await added)[0];
report.together = Object.values(bobsHall.members.members);
const nudged = collect(hall, 'client-nudge');
bobsHall.trigger('client-nudge', 'plain text');
report.nudged = await nudged.until(1);
const counts = await (await api.get({ path: '/channels', params: { filter_by_prefix: 'presence-', info: 'user_count' } })).json();
report.counted = counts.channels[name('presence-hall')];
report.users = await (await api.get({ path: `/channels/${name('presence-hall')}/users` })).json();
const withInfo = await api.trigger(name('presence-hall'), 'e', {}, { info: 'user_count,subscription_count' });
report.info = (await withInfo.json()).channels[name('presence-hall')];
const removed = once(hall, 'pusher:member_removed');
bob.unsubscribe(name('presence-hall'));
report.removed = (await removed)[0];

// Cache.
const empty = alice.subscribe(name('cache-last'));
await once(empty, 'pusher:cache_miss');
await api.trigger(name('cache-last'), 'cached', { n: 1 });
const late = bob.subscribe(name('cache-last'));
report.cached = (await once(late, 'cached'))[0];

// Encrypted: the service sees none of it.
const masterKey = Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString('base64');
const secretive = connect({ user: '1', transports });
const secret = await subscribed(secretive, name('private-encrypted-vault'));
const opened = collect(secret, 'opened');
await server({ encryptionMasterKeyBase64: masterKey }).trigger(name('private-encrypted-vault'), 'opened', { gold: 7 });
report.opened = await opened.until(1);

// Users: sign-in, own channel, watchlist.
const watching = once(alice.user.watchlist, 'online');
alice.signin();
await alice.user.signinDonePromise;
const own = collect(alice.user, 'for-you');
while (own.seen.length === 0) await api.sendToUser('1', 'for-you', { n: 1 });
report.own = own.seen[0];
bob.signin();
await bob.user.signinDonePromise;
report.online = (await watching)[0];

// Unsubscribing stops delivery; what was left out stayed out.
alice.unsubscribe(name('news'));
await api.trigger(name('news'), 'order', { never: true });
await api.trigger(name('private-room'), 'last', {});
report.newsAtTheEnd = newsEvents.seen.length;
report.bobsNews = bobsNewsEvents.seen;

// Ended by the server: the client gives up.
const gone = new Promise(resolve => alice.connection.bind('disconnected', () => resolve(alice.connection.state)));
const failed = once(alice.connection, 'error');
await api.terminateUserConnections('1');
report.terminated = await gone;
report.terminationCode = (await failed)[0]?.data?.code ?? (await failed)[0]?.error?.data?.code;

finish(report);
