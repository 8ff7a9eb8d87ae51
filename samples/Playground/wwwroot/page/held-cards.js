// A browser opens six HTTP connections to one server. Whoever waits over HTTP holds one, and the page needs some to publish and to read.
const mostHeld = 3;

// Keeps few of the cards that hold a connection on: at first one of each family, then those that were switched on last.
export function limitHeldCards(cards) {
  const families = new Set();
  const on = [];
  for (const card of cards.filter(({ isHeld }) => isHeld)) {
    if (on.length < mostHeld && !families.has(card.family)) {
      families.add(card.family);
      on.push(card);
    } else {
      card.switch(false);
    }

    card.onSwitched(isOn => {
      if (!isOn) on.splice(on.indexOf(card), 1);
      else if (on.push(card) > mostHeld) on.shift().switch(false);
    });
  }
}
