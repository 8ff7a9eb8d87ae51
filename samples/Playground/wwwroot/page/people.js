import { channelUrl, errorText, instanceUrl, keyHeaders } from '../protocols/addresses.js';

const interval = 2000;

// Who is connected and who is present, looked at as an administrator while the page is visible.
export class PeopleView {
  #element;
  #target = null;
  #loads = 0;

  constructor(element) {
    this.#element = element;
    setInterval(() => { if (!document.hidden) this.#load(); }, interval);
  }

  follow(target) {
    this.#target = target;
    this.#load();
  }

  async #load() {
    const load = ++this.#loads;
    const target = this.#target;
    try {
      const [connections, members] = await Promise.all([
        read(target, instanceUrl(target, 'connections/', { channel: target.channel, room: target.room })),
        read(target, channelUrl(target, 'presence/', { room: target.room })),
      ]);
      if (load === this.#loads) this.#show(connections.objects, members);
    } catch (error) {
      if (load === this.#loads) this.#about(error.message);
    }
  }

  #show(connections, members) {
    const names = members.objects.map(({ id }) => id).join(', ');
    this.#about(`${connections.length} connected; ${members.count} present${names ? `: ${names}` : ''}`);
    this.#element.querySelector('tbody').replaceChildren(...connections.map(connection => this.#row(connection)));
  }

  #about(text) { this.#element.querySelector('#people-about').textContent = text; }

  #row({ id, protocol, caller, since, queue }) {
    const row = document.createElement('tr');
    const who = caller.user ? `user ${caller.user}` : caller.admin ? `admin ${caller.admin}` : caller.kind;
    for (const text of [id, protocol, who, new Date(since).toLocaleTimeString(), `${queue.messages}`]) {
      row.insertCell().textContent = text;
    }
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'quiet';
    button.textContent = 'Disconnect';
    button.addEventListener('click', () => this.#disconnect(id));
    row.insertCell().append(button);
    return row;
  }

  async #disconnect(id) {
    await fetch(instanceUrl(this.#target, `connections/${id}/`), { method: 'DELETE', headers: keyHeaders(this.#target.identity) });
    this.#load();
  }
}

async function read(target, url) {
  const response = await fetch(url, { headers: keyHeaders(target.identity) });
  const body = await response.text();
  if (!response.ok) throw new Error(errorText(response.status, body));
  return JSON.parse(body);
}
