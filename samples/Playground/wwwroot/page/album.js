import { errorText, instanceUrl, keyHeaders, postJson } from '../protocols/addresses.js';
import stream from '../protocols/stream-websocket.js';

const path = 'classes/photos/objects/';

// The photos of the family as one member has them: read once, then kept up to date by what the channel says.
export class Album {
  #target;
  #changed;
  #photos = new Map();
  #close;

  constructor(target, changed) {
    this.#target = target;
    this.#changed = changed;
    this.#close = stream.open(target, {
      // What comes meanwhile waits for the list; applying a change twice does no harm.
      state: name => { if (name === 'open') this.#loading = this.#load(); },
      frame() {},
      message: message => { this.#loading = this.#loading.then(() => this.#apply(message)); },
    });
  }

  #loading = Promise.resolve();

  get photos() { return [...this.#photos.values()]; }

  close() { this.#close(); }

  // Everybody may look at a photo and like it; whoever added it may take it away.
  add(title, picture) {
    const photo = { title, picture, likes: 0, other_permissions: 'write', channel: this.#target.channel };
    return postJson(instanceUrl(this.#target, path), this.#target.identity, JSON.stringify(photo));
  }

  like(id) { return this.#send('PATCH', id, { likes: { _increment: 1 } }); }

  remove(id) { return this.#send('DELETE', id); }

  async #send(method, id, body) {
    const response = await fetch(instanceUrl(this.#target, `${path}${id}/`), {
      method,
      headers: { ...keyHeaders(this.#target.identity), 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(errorText(response.status, await response.text()));
  }

  async #load() {
    const response = await fetch(instanceUrl(this.#target, path), { headers: keyHeaders(this.#target.identity) });
    const { objects = [] } = response.ok ? await response.json() : {};
    this.#photos = new Map(objects.map(photo => [photo.id, photo]));
    this.#changed();
  }

  #apply({ action, payload }) {
    if (action === 'create') this.#photos.set(payload.id, payload);
    if (action === 'update' && this.#photos.has(payload.id)) Object.assign(this.#photos.get(payload.id), payload);
    if (action === 'delete') this.#photos.delete(payload.id);
    this.#changed();
  }
}
