// The protocols that the page speaks, in the order of their cards. A new one is one file and one line here.
//
// A protocol is an object with
//   id, family, title     how it is called; family is the front end it belongs to
//   path                  what is requested, for people
//   held                  whether following takes one of the few HTTP connections that a browser opens
//   open(target, sink)    follows target.channel and target.room as target.identity; returns a function that stops it
//   publish(target, json) publishes the JSON text as target.identity; resolves to { id }, or to {} where the wire tells none, rejects with an Error
// either of which may be missing. `sink` takes
//   state(name, detail)   'connecting', 'open', 'waiting', 'retrying', 'refused'
//   frame(kind, text)     what went over the wire: 'out', 'in' or 'note'
//   message(message)      { id, payload }, once for each message; without an id where the wire has none
import rest from './rest.js';
import server from './server.js';
import longPoll from './long-poll.js';
import pollWebSocket from './poll-websocket.js';
import pollEvents from './poll-events.js';
import streamWebSocket from './stream-websocket.js';
import streamEvents from './stream-events.js';
import socketIo from './socket-io.js';
import bayeuxPublish from './bayeux-publish.js';
import bayeuxWebSocket from './bayeux-websocket.js';
import bayeuxLongPolling from './bayeux-long-polling.js';
import pushLongPoll from './push-long-poll.js';
import pushWebSocket from './push-websocket.js';
import pushEvents from './push-events.js';
import pusher from './pusher.js';
import pusherTrigger from './pusher-trigger.js';

export default [
  rest, server, longPoll, pollWebSocket, pollEvents, streamWebSocket, streamEvents, socketIo,
  pushLongPoll, pushWebSocket, pushEvents, pusherTrigger, pusher,
  bayeuxPublish, bayeuxWebSocket, bayeuxLongPolling,
];
