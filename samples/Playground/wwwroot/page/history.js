import { channelUrl, errorText, keyHeaders } from '../protocols/addresses.js';

// The stored messages of the followed address, page by page, along the links that the server gives.
export class HistoryView {
  #element;
  #target = null;
  #page = { next: null, prev: null };
  #isFirst = true;
  #timer = null;
  #loads = 0;

  constructor(element) {
    this.#element = element;
    for (const name of ['next', 'prev']) {
      this.#control(name).addEventListener('click', () => this.#load(new URL(this.#page[name], this.#target.origin)));
    }
    for (const name of ['ordering', 'page_size']) {
      this.#control(name).addEventListener('change', () => this.#loadFirst());
    }
  }

  follow(target) {
    this.#target = target;
    this.#loadFirst();
  }

  // Shows the first page again soon, unless somebody is reading another one.
  changed() {
    if (this.#isFirst && !this.#timer) {
      this.#timer = setTimeout(() => { this.#timer = null; this.#loadFirst(); }, 250);
    }
  }

  #control(name) { return this.#element.querySelector(`[name="${name}"]`); }

  #loadFirst() {
    const url = channelUrl(this.#target, 'history/', {
      ordering: this.#control('ordering').value, page_size: this.#control('page_size').value, room: this.#target.room,
    });
    return this.#load(url, true);
  }

  async #load(url, isFirst = false) {
    const load = ++this.#loads;
    let page = { objects: [], next: null, prev: null };
    let about = '';
    try {
      const response = await fetch(url, { headers: keyHeaders(this.#target.identity) });
      const body = await response.text();
      if (response.ok) page = JSON.parse(body);
      else about = errorText(response.status, body);
    } catch (error) {
      about = error.message;
    }
    if (load !== this.#loads) return;
    this.#page = page;
    this.#isFirst = isFirst || !page.prev;
    this.#show(about);
  }

  #show(about) {
    const { objects, next, prev } = this.#page;
    this.#element.querySelector('#history-about').textContent =
      about || (objects.length === 0 ? 'Nothing stored.' : `${objects[0].id} … ${objects.at(-1).id}`);
    this.#control('next').disabled = !next;
    this.#control('prev').disabled = !prev;
    this.#element.querySelector('tbody').replaceChildren(...objects.map(row));
  }
}

function row(message) {
  const author = Object.entries(message.author).map(([kind, id]) => `${kind} ${id}`).join(', ') || 'host';
  const cells = [
    message.id, message.created_at.slice(11, 23), message.room ?? '–', message.action, author, JSON.stringify(message.payload),
  ];
  const element = document.createElement('tr');
  element.append(...cells.map(text => {
    const cell = document.createElement('td');
    cell.textContent = text;
    return cell;
  }));
  element.cells[1].title = message.created_at;
  return element;
}
