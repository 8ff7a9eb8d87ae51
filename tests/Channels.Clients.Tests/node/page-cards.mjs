// Which cards of the Playground's page are on, as they are switched.
import { pathToFileURL } from 'node:url';
import { finish, settings } from './harness.mjs';

const { limitHeldCards } = await import(pathToFileURL(`${settings.page}/page/held-cards.js`));
const { default: protocols } = await import(pathToFileURL(`${settings.page}/protocols/index.js`));

const cards = protocols.filter(({ open }) => open).map(({ id, family, held }) => {
  let tell = () => {};
  return {
    id, family, isHeld: held ?? false, isOn: true,
    switch(on) { this.isOn = on; },
    onSwitched(action) { tell = action; },
    click() { this.isOn = !this.isOn; tell(this.isOn); },
  };
});
const held = () => cards.filter(({ isHeld, isOn }) => isHeld && isOn).map(({ id }) => id);
const click = id => cards.find(card => card.id === id).click();

limitHeldCards(cards);
const first = held();
click('bayeux-long-polling');
const afterOn = held();
click('stream-events');
click('poll-events');
const afterOffAndOn = held();
const others = cards.filter(({ isHeld }) => !isHeld).every(({ isOn }) => isOn);
finish({ first, afterOn, afterOffAndOn, others });
