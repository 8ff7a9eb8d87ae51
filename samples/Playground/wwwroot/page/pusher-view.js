import { trigger, triggerCommand } from '../protocols/pusher-trigger.js';
import { PusherRoom } from './pusher-room.js';

// A signed request is accepted for ten minutes.
const signAgainAfter = 5 * 60 * 1000;

// Two users side by side in one channel of the Pusher wire, and the application's server beside them.
export class PusherView {
  #element;
  #users;
  #origin;
  #columns = [];

  constructor(element, origin, users) {
    this.#element = element;
    this.#origin = origin;
    this.#users = users;
    const form = this.#form;
    form.elements.channel.addEventListener('change', () => this.#open());
    form.addEventListener('input', () => this.#showCommand());
    form.addEventListener('submit', event => {
      event.preventDefault();
      this.#try(() => trigger(this.#origin, ...this.#event), 'Triggered; every subscriber has it.');
    });
    element.querySelector('.command button').addEventListener('click', () => navigator.clipboard?.writeText(this.#find('pre').textContent));
    setInterval(() => this.#showCommand(), signAgainAfter);
    this.#open();
  }

  get #form() { return this.#find(':scope > form'); }

  get #event() {
    const { channel, event, data } = this.#form.elements;
    return [channel.value, event.value, data.value];
  }

  #find(selector) { return this.#element.querySelector(selector); }

  #open() {
    this.#columns.forEach(({ room }) => room.leave());
    const channel = this.#form.elements.channel.value;
    this.#columns = this.#users.map(user => this.#column({ ...user, origin: this.#origin, channel }));
    this.#find('.rooms').replaceChildren(...this.#columns.map(({ column }) => column));
    this.#columns.forEach(({ room }) => room.join());
    this.#showCommand();
  }

  #column(target) {
    const column = document.querySelector('#pusher-user').content.firstElementChild.cloneNode(true);
    const find = selector => column.querySelector(selector);
    const room = new PusherRoom({ ...target, user: target.id }, () => this.#show(column, room));
    column.dataset.user = target.name;
    find('h3').textContent = target.name;
    find('input').setAttribute('aria-label', `What ${target.name} says`);
    find('.join').addEventListener('click', () => room.isOn ? room.leave() : room.join());
    find('form').addEventListener('submit', event => {
      event.preventDefault();
      const text = find('input').value.trim();
      if (text) this.#try(() => room.say(text), `${target.name} told the others, without a server.`);
      find('input').value = '';
    });
    return { column, room };
  }

  #show(column, room) {
    const find = selector => column.querySelector(selector);
    const pill = find('.pill');
    pill.dataset.state = pill.textContent = room.state;
    find('.join').textContent = room.isOn ? 'Leave' : 'Join';
    find('.members').replaceChildren(...[...room.members].map(([id, info]) => this.#item('li', info?.name ?? id)));
    find('.about').textContent = room.members.size > 0 ? `${room.members.size} here` : room.subscribers === null ? '' : `${room.subscribers} subscribed`;
    find('.entries').replaceChildren(...room.entries.map(({ kind, text }) => this.#item('li', text, kind)));
  }

  #item(name, text, kind = '') {
    const item = document.createElement(name);
    item.className = kind;
    item.textContent = text;
    return item;
  }

  async #showCommand() {
    this.#find('pre').textContent = await triggerCommand(this.#origin, ...this.#event);
  }

  async #try(action, done) {
    const result = this.#form.querySelector('output');
    try {
      await action();
      result.dataset.kind = 'done';
      result.textContent = done;
    } catch (error) {
      result.dataset.kind = 'failed';
      result.textContent = error.message;
    }
    this.#showCommand();
  }
}
