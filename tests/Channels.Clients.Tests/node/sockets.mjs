// One WebSocket at a time: follows until it has the wanted number of messages, then comes back for the rest.
import { WebSocket } from 'ws';
import { finish, settings } from './harness.mjs';

async function publish(n) {
  const response = await fetch(new URL(`/v1.1/instances/${settings.instance}/channels/${settings.name}/publish/`, settings.address), {
    method: 'POST',
    headers: { 'X-API-KEY': settings.alice.apiKey, 'X-USER-KEY': settings.alice.userKey, 'Content-Type': 'application/json' },
    body: JSON.stringify({ payload: { n } }),
  });
  return (await response.json()).id;
}

function open(path, lastId) {
  const url = new URL(`/v1.1/instances/${settings.instance}/${path}`, settings.address);
  url.searchParams.set('api_key', settings.bob.apiKey);
  url.searchParams.set('user_key', settings.bob.userKey);
  if (lastId !== undefined) url.searchParams.set('last_id', lastId);
  const socket = new WebSocket(url);
  const frames = [];
  const waiting = [];
  socket.on('message', (data, isBinary) => {
    frames.push({ isBinary, text: data.toString() });
    for (const look of [...waiting]) look();
  });
  return {
    frames,
    opened: new Promise((resolve, reject) => {
      socket.on('open', resolve);
      socket.on('error', reject);
    }),
    has: count => new Promise(resolve => {
      const look = () => { if (frames.length >= count) resolve(); };
      waiting.push(look);
      look();
    }),
    close: () => new Promise(resolve => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
      socket.close(1000, 'done');
    }),
  };
}

async function refusal(path) {
  const url = new URL(`/v1.1/instances/${settings.instance}/${path}`, settings.address);
  return await new Promise(resolve => {
    const socket = new WebSocket(url);
    socket.on('error', () => {});
    socket.on('unexpected-response', (request, response) => {
      let body = '';
      response.on('data', chunk => { body += chunk; });
      response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(body) }));
    });
  });
}

const report = {};
for (const [kind, path] of Object.entries({ poll: `channels/${settings.name}/poll/?transport=websocket`, stream: `stream/?channel=${settings.name}` })) {
  // The stream says first where it starts.
  const extra = kind === 'stream' ? 1 : 0;
  const live = open(path);
  await live.opened;
  const ids = [await publish(1), await publish(2)];
  await live.has(2 + extra);
  const closed = await live.close();
  ids.push(await publish(3), await publish(4));
  const resumed = open(path, ids[1]);
  await resumed.has(2 + extra);
  ids.push(await publish(5));
  await resumed.has(3 + extra);
  await resumed.close();
  const all = open(path, 0);
  report[kind] = { ids, live: live.frames, closed, resumed: resumed.frames, refusal: await refusal(path) };
  await all.opened;
  await all.close();
}

finish(report);
