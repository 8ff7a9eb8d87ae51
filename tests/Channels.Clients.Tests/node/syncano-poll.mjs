// The client's own poll loop, first from now and then from a position.
import { connect, finish, run, settings } from './harness.mjs';

const { instance: instanceName, name } = settings;
const alice = connect(settings.alice).Channel;
const bob = connect(settings.bob).Channel;

async function publish(n) {
  const message = await run(alice.please().publish({ instanceName, name }, { n }).raw());
  return message.id;
}

function follow(options, count) {
  const events = [];
  return new Promise(resolve => {
    const poll = bob.please().poll({ instanceName, name }, options, false);
    for (const event of ['start', 'stop', 'request', 'message', 'custom', 'error']) {
      poll.on(event, data => {
        events.push({ event, query: data?.query, id: data?.id, payload: data?.payload, author: data?.author, action: data?.action });
        if (event === 'custom' && data.payload.n === count) {
          poll.stop();
          resolve(events);
        }
      });
    }
    poll.start();
  });
}

// Nobody can know when the first request is waiting, so it is knocked until it answers.
const fromNow = follow({}, 0);
let isHeard = false;
fromNow.then(() => { isHeard = true; });
while (!isHeard) await publish(0);

// Everything after the position comes, in order, whether it was published before or later.
const lastId = await publish(0);
const ids = [await publish(1), await publish(2)];
const fromPosition = follow({ lastId }, 4);
ids.push(await publish(3), await publish(4));

finish({ fromNow: await fromNow, fromPosition: await fromPosition, lastId, ids });
