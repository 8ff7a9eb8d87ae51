// The client polling with scripts, which it does in old browsers: what it needs of a page is played here, scripts that are fetched and run, and forms that are posted.
import { createRequire } from 'node:module';
import { runInThisContext } from 'node:vm';
import { finish, settings } from './harness.mjs';

class Element {
  constructor(tag) { Object.assign(this, { tag, style: {}, children: [] }); }
  setAttribute(name, value) { this[name] = value; }
  appendChild(child) { child.parentNode = this; this.children.push(child); }
  removeChild(child) { child.parentNode = null; }
  insertBefore(script) { script.parentNode = this; run(script); }

  // As browsers do: line breaks of a form are CR LF.
  async submit() {
    const field = this.children.find(child => child.tag === 'textarea');
    const body = new URLSearchParams({ [field.name]: field.value.replace(/\r\n|\r|\n/g, '\r\n') });
    const response = await fetch(this.action, { method: this.method, body });
    posts.push(response.status);
    await response.text();
    const frame = frames.at(-1);
    frame.readyState = 'complete';
    frame.onload?.();
  }
}

const posts = [];
const frames = [];
const types = new Set();
const body = new Element('body');
const first = new Element('script');
first.parentNode = body;

async function run(script) {
  const response = await fetch(script.src);
  const text = await response.text();
  types.add(`${response.status} ${response.headers.get('content-type')}`);
  if (script.parentNode) runInThisContext(text);
}

globalThis.document = {
  body,
  getElementsByTagName: () => [first],
  createElement(tag) {
    if (tag.startsWith('<')) throw new Error('Only the oldest browsers take markup.');
    const element = new Element(tag);
    if (tag === 'iframe') frames.push(element);
    return element;
  },
};

const client = createRequire(import.meta.url)(`socket.io-client-${settings.version}`);
const once = (emitter, name) => new Promise(resolve => emitter.once(name, resolve));
const socket = client(settings.address, { transports: ['polling'], forceJSONP: true, forceNew: true, reconnection: false });
await once(socket, 'connect');
const channel = `network_timeline:${settings.name}`;
const odd = 'é€🚀\\n\\\\n\n"&+%41';
const answer = await new Promise(resolve => socket.emit('subscribe', { channel: `${channel} ${odd}`, accessToken: settings.token }, resolve));
const received = once(socket, channel);
const text = `é€漢🚀 "\u2028</script>\n\\n${'ä€🚀-'.repeat(4600)}`;
await fetch(`${settings.address}/v1.1/instances/${settings.instance}/messages/`, {
  method: 'POST',
  headers: { 'X-API-KEY': settings.admin.accountKey, 'Content-Type': 'application/json' },
  body: JSON.stringify({ channel, payload: { text } }),
});
const payload = await received;
const transport = socket.io.engine.transport.constructor.name;
socket.disconnect();
finish({
  transport, channels: answer.channels, isOddWhole: answer.errors[0].channel === odd, isWhole: payload.text === text,
  types: [...types], posts: [...new Set(posts)],
});
