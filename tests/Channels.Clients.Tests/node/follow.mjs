// Followers that report each event as a line, until the process is ended. They come back by themselves whenever they lose the server:
// EventSource as it always does, the WebSockets with the last id that they saw.
import { EventSource } from 'eventsource';
import { WebSocket } from 'ws';
import { report, settings } from './harness.mjs';

const retryDelay = 50;

for (const { source, kind, path } of settings.followers) {
  const url = new URL(`/v1.1/instances/${settings.instance}/${path}`, settings.address);
  url.searchParams.set('api_key', settings.bob.apiKey);
  url.searchParams.set('user_key', settings.bob.userKey);
  if (kind === 'events') followEvents(source, url);
  else followSocket(source, url);
}

function followEvents(source, url) {
  const events = new EventSource(url);
  events.onopen = () => report({ source, event: 'open' });
  events.onerror = error => report({ source, event: events.readyState === EventSource.CLOSED ? 'given up' : 'lost', status: error.code });
  for (const name of ['message', 'ready', 'gap', 'ended']) {
    events.addEventListener(name, event => report({ source, event: name, id: event.lastEventId, data: JSON.parse(event.data) }));
  }
}

function followSocket(source, url) {
  const socket = new WebSocket(url);
  socket.on('open', () => report({ source, event: 'open' }));
  socket.on('message', frame => {
    const json = JSON.parse(frame);
    const event = json.event ?? 'message';
    const data = json.event ? json.data : json;
    const id = data.id ?? data.last_id;
    if (id !== undefined) url.searchParams.set('last_id', id);
    report({ source, event, id, data });
  });
  socket.on('error', () => {});
  socket.on('unexpected-response', (request, response) => {
    report({ source, event: 'refused', status: response.statusCode });
    request.destroy();
  });
  socket.on('close', (code, reason) => {
    report({ source, event: 'lost', status: code, reason: reason.toString() });
    setTimeout(() => followSocket(source, url), retryDelay);
  });
}
