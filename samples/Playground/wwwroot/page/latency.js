// Measures from the publish call to each arrival. An arrival may be noticed before the publish was answered with its id.
const most = 1000;

export class Latency {
  #sent = new Map();
  #arrived = new Map();
  #publishing = new Map();
  #listener;

  // `listener(card, id, milliseconds)` is called once for each message and card; the id is undefined where the card's wire has none.
  constructor(listener) {
    this.#listener = listener;
  }

  // For wires without ids: the newest publish of a payload is the one that arrives.
  publishing(json, time) {
    remember(this.#publishing, JSON.stringify(JSON.parse(json)), time);
  }

  arrivedWithoutId(card, payload, time) {
    const sent = this.#publishing.get(JSON.stringify(payload));
    if (sent !== undefined) this.#listener(card, undefined, time - sent);
  }

  sent(id, time) {
    remember(this.#sent, id, time);
    for (const [card, arrival] of this.#arrived.get(id) ?? []) this.#listener(card, id, arrival - time);
  }

  arrived(card, id, time) {
    const cards = this.#arrived.get(id) ?? remember(this.#arrived, id, new Map());
    cards.set(card, time);
    if (this.#sent.has(id)) this.#listener(card, id, time - this.#sent.get(id));
  }

  reachedBy(id) {
    return this.#arrived.get(id)?.size ?? 0;
  }
}

function remember(map, id, value) {
  map.set(id, value);
  if (map.size > most) map.delete(map.keys().next().value);
  return value;
}
