// Rooms: separate orders and histories below one channel.
import { connect, finish, outcome, run, settings } from './harness.mjs';

const { instance: instanceName, name } = settings;
const admin = connect(settings.admin).Channel;
const alice = connect(settings.alice).Channel;
const bob = connect(settings.bob).Channel;
await run(admin.please().create({ instanceName, name, type: 'separate_rooms', other_permissions: 'publish', custom_publish: true }));

const published = [];
for (const [room, n] of [['Red', 1], ['blue', 2], ['red', 3]]) {
  published.push(await run(alice.please().publish({ instanceName, name }, { n }, room).raw()));
}
const withoutRoom = await outcome(alice.please().publish({ instanceName, name }, { n: 0 }).raw());

const received = await new Promise(resolve => {
  const messages = [];
  const poll = bob.please().poll({ instanceName, name }, { room: 'red', lastId: 0 });
  poll.on('custom', message => {
    messages.push(message);
    if (messages.length === 2) {
      poll.stop();
      resolve(messages);
    }
  });
});

const place = { instanceName, name };
finish({
  published,
  withoutRoom,
  received,
  history: {
    bobRed: await outcome(bob.please().history(place, { room: 'red' }).raw()),
    bobNoRoom: await outcome(bob.please().history(place).raw()),
    adminAll: await outcome(admin.please().history(place).raw()),
    page: await outcome(admin.please().history(place, { page_size: 2, ordering: 'asc' }).raw()),
  },
});
