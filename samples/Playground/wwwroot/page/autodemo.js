// `/?autodemo` publishes a few messages by itself, once every card is connected.
const names = ['alice', 'bob', 'admin'];

export async function autodemo(cards, publishers, publish) {
  await until(() => cards.every(card => !card.isOn || ['open', 'waiting'].includes(card.state)));
  for (let i = 1; i <= 6; i++) {
    const through = publishers[i % publishers.length];
    await publish({ through, author: through.id === 'server' ? 'admin' : names[i % names.length], json: JSON.stringify({ content: `hello ${i}` }) });
    await new Promise(resolve => setTimeout(resolve, 150));
  }
  document.body.dataset.autodemo = 'done';
}

async function until(condition) {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 50));
}
