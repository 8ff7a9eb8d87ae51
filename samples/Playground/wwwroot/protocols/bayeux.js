// The Bayeux protocol by hand: the messages that both of its transports send and what they do with the replies.

export const path = '/v2/channel/subscribe';

// Who the demo's identities are to this front end, which knows tokens and not keys.
function credentials({ name, apiKey, userKey }) {
  return { userName: name, authorization: `Bearer ${userKey ? `${name}-token` : apiKey}` };
}

export function channelOf(target) {
  return `/${target.room ? `${target.channel}/${target.room}` : target.channel}`;
}

// One session: makes its messages and reads its replies.
export class BayeuxSession {
  #target;
  #sink;
  #message = 0;
  #clientId;

  constructor(target, sink) {
    this.#target = target;
    this.#sink = sink;
  }

  handshake(connectionType) {
    return this.#next('/meta/handshake', {
      version: '1.0', supportedConnectionTypes: [connectionType], ext: credentials(this.#target.identity ?? {}),
    });
  }

  subscribe() {
    return this.#next('/meta/subscribe', { subscription: channelOf(this.#target) });
  }

  connect(connectionType) {
    return this.#next('/meta/connect', { connectionType });
  }

  disconnect() {
    return this.#next('/meta/disconnect', {});
  }

  // Reads an array of replies and events. Returns what the client has to do next: 'connect', 'subscribe', 'handshake', 'stop' or nothing.
  read(text) {
    let next;
    for (const message of JSON.parse(text)) {
      if (!('successful' in message)) this.#sink.message({ payload: message.data });
      else next = this.#readReply(message) ?? next;
    }
    return next;
  }

  #readReply({ channel, successful, clientId, error, advice }) {
    if (!successful) {
      this.#sink.state('refused', error);
      return advice?.reconnect === 'handshake' ? 'handshake' : 'stop';
    }
    if (channel === '/meta/handshake') {
      this.#clientId = clientId;
      return 'subscribe';
    }
    if (channel === '/meta/subscribe') return 'connect';
    return channel === '/meta/connect' ? 'connect' : undefined;
  }

  #next(channel, fields) {
    return JSON.stringify([{ id: `${++this.#message}`, channel, clientId: this.#clientId, ...fields }]);
  }
}
