import { followPusher } from '../protocols/pusher-wire.js';

const mostEntries = 30;

// One user in one channel over the Pusher wire: who is there, what was said, and saying something oneself.
export class PusherRoom {
  #follow = null;
  #target;
  #changed;

  state = 'off';
  members = new Map();
  subscribers = null;
  entries = [];

  constructor(target, changed) {
    this.#target = target;
    this.#changed = changed;
  }

  get isOn() { return this.#follow !== null; }

  // A connection of one's own, which subscribes to the channel.
  join() {
    this.#follow ??= followPusher(this.#target, { state: name => this.#is(name), frame() {} }, (frame, data) => this.#read(frame, data));
  }

  leave() {
    this.#follow?.();
    this.#follow = null;
    this.members.clear();
    this.subscribers = null;
    this.#is('off');
  }

  // Says something to the others without asking a server: a client event.
  say(text) {
    if (this.state !== 'open') throw new Error('Join first.');
    this.#follow.send({ event: 'client-message', channel: this.#target.channel, data: { text } });
    this.#note('said', `I said: ${text}`);
  }

  #read(frame, data) {
    switch (frame.event) {
      case 'pusher_internal:subscription_succeeded':
        this.members = new Map(Object.entries(data.presence?.hash ?? {}));
        this.#note('here', this.members.size > 0 ? `Joined; ${this.members.size} here.` : 'Subscribed.');
        break;
      case 'pusher_internal:member_added':
        this.members.set(data.user_id, data.user_info);
        this.#note('came', `${data.user_info?.name ?? data.user_id} came.`);
        break;
      case 'pusher_internal:member_removed':
        this.#note('left', `${this.members.get(data.user_id)?.name ?? data.user_id} left.`);
        this.members.delete(data.user_id);
        break;
      case 'pusher_internal:subscription_count':
        this.subscribers = data.subscription_count;
        break;
      case 'pusher:error':
        this.#note('failed', data.message);
        break;
      default:
        if (frame.channel === this.#target.channel) this.#note('heard', this.#quote(frame, data));
    }
    this.#changed();
  }

  #quote(frame, data) {
    const text = frame.event === 'client-message' ? data.text : JSON.stringify(data);
    const by = frame.user_id ? this.members.get(frame.user_id)?.name ?? frame.user_id : frame.event;
    return `${by}: ${text}`;
  }

  #is(name) {
    // The socket says that it is open; it is of use once the subscription stands.
    this.state = name;
    this.#changed();
  }

  #note(kind, text) {
    this.entries = [{ kind, text }, ...this.entries].slice(0, mostEntries);
    this.#changed();
  }
}
