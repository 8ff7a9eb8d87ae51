import { Album } from './album.js';

const pictures = ['🌅', '🐕', '🎂', '🏔️', '🚲', '🌻', '⛵', '🎄'];

// The family album side by side: what one member does, the others see at once.
export class AlbumView {
  #element;
  #albums;

  constructor(element, targets) {
    this.#element = element;
    this.#albums = targets.map(({ name, target }) => this.#open(name, target));
    const form = element.querySelector('form');
    form.elements.member.replaceChildren(...targets.map(({ name }) => new Option(name, name)));
    form.addEventListener('submit', event => {
      event.preventDefault();
      const { album } = this.#albums.find(({ name }) => name === form.elements.member.value);
      this.#try(() => album.add(form.elements.title.value, pictures[Math.floor(Math.random() * pictures.length)]));
    });
  }

  #open(name, target) {
    const list = document.createElement('ul');
    const heading = document.createElement('h3');
    heading.textContent = `What ${name} sees`;
    const column = document.createElement('div');
    column.append(heading, list);
    this.#element.querySelector('.albums').append(column);
    const album = new Album(target, () => list.replaceChildren(...album.photos.map(photo => this.#row(album, photo))));
    return { name, album };
  }

  #row(album, photo) {
    const row = document.createElement('li');
    const text = document.createElement('span');
    text.textContent = `${photo.picture} ${photo.title}`;
    row.append(text, this.#button(`♥ ${photo.likes ?? 0}`, () => album.like(photo.id)), this.#button('Remove', () => album.remove(photo.id)));
    return row;
  }

  #button(text, action) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'quiet';
    button.textContent = text;
    button.addEventListener('click', () => this.#try(action));
    return button;
  }

  async #try(action) {
    const result = this.#element.querySelector('output');
    try {
      await action();
      result.dataset.kind = 'done';
      result.textContent = 'Done; everybody has it.';
    } catch (error) {
      result.dataset.kind = 'failed';
      result.textContent = error.message;
    }
  }
}
