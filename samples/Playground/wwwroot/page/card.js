// One protocol that follows: state, numbers and the frames that went over the wire.
const mostFrames = 60;
const mostSamples = 200;
const arrows = { in: '←', out: '→', note: '·' };

export class Card {
  #protocol;
  #element;
  #close = null;
  #target = null;
  #count = 0;
  #samples = [];
  #onMessage;

  constructor(protocol, template, onMessage) {
    this.#protocol = protocol;
    this.#onMessage = onMessage;
    this.#element = template.content.firstElementChild.cloneNode(true);
    this.#element.id = `card-${protocol.id}`;
    this.#find('h3').textContent = protocol.title;
    this.#find('.family').textContent = protocol.family;
    this.#find('.path').textContent = protocol.path;
    this.#find('.frames').setAttribute('aria-label', `Frames of ${protocol.title}`);
    this.#find('input').addEventListener('change', () => this.follow(this.#target));
  }

  get element() { return this.#element; }
  get id() { return this.#protocol.id; }
  get family() { return this.#protocol.family; }
  get isHeld() { return this.#protocol.held ?? false; }
  get isOn() { return this.#find('input').checked; }
  get state() { return this.#find('.pill').dataset.state; }

  // Switches it on or off, as its user does.
  switch(on) {
    this.#find('input').checked = on;
    this.follow(this.#target);
  }

  onSwitched(action) { this.#find('input').addEventListener('change', () => action(this.isOn)); }

  // Follows another address, or the same again.
  follow(target) {
    this.#close?.();
    this.#close = null;
    this.#target = target;
    this.#element.classList.toggle('is-off', !this.isOn);
    if (!target || !this.isOn) {
      this.#state('off');
      return;
    }

    // What an earlier connection still says is not ours any more.
    const ours = action => (...values) => { if (this.#target === target && this.isOn) action(...values); };
    this.#close = this.#protocol.open(target, {
      state: ours((name, detail) => this.#state(name, detail)),
      frame: ours((kind, text) => this.#frame(kind, text)),
      message: ours(message => this.#message(message)),
    });
  }

  addLatency(milliseconds) {
    this.#samples.push(milliseconds);
    if (this.#samples.length > mostSamples) this.#samples.shift();
    const sorted = [...this.#samples].sort((a, b) => a - b);
    this.#find('.latency').textContent = inMilliseconds(milliseconds);
    this.#find('.median').textContent = inMilliseconds(sorted[sorted.length >> 1]);
  }

  clear() {
    this.#count = 0;
    this.#samples = [];
    this.#find('.count').textContent = '0';
    this.#find('.latency').textContent = this.#find('.median').textContent = '–';
    this.#find('.frames').replaceChildren();
  }

  #find(selector) { return this.#element.querySelector(selector); }

  #state(name, detail) {
    const pill = this.#find('.pill');
    pill.dataset.state = name;
    pill.textContent = name;
    pill.title = detail ?? '';
    if (detail) this.#frame('note', detail);
  }

  #message(message) {
    this.#count++;
    this.#find('.count').textContent = this.#count;
    this.#element.classList.remove('has-arrival');
    void this.#element.offsetWidth;
    this.#element.classList.add('has-arrival');
    this.#onMessage(this, message);
  }

  #frame(kind, text) {
    const row = document.createElement('li');
    row.className = kind;
    const arrow = document.createElement('span');
    arrow.textContent = arrows[kind];
    const code = document.createElement('code');
    code.textContent = text;
    row.append(arrow, code);
    const frames = this.#find('.frames');
    frames.prepend(row);
    while (frames.childElementCount > mostFrames) frames.lastElementChild.remove();
  }
}

function inMilliseconds(value) {
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}
