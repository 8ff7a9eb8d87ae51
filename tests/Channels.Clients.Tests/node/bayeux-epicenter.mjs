// Epicenter.js cannot be had from the registry; this does with CometD 3 what its documentation says that its channel manager does.
import { finish, settings } from './harness.mjs';
import { collect, disconnect, makeClient } from './bayeux-client.mjs';

// A base address that ends in a slash, all extensions, credentials in the handshake, and everything within batches.
class ChannelManager {
  static async open({ userName, token, transport }) {
    const manager = new ChannelManager();
    manager.errors = [];
    manager.states = [];
    manager.client = await makeClient({ major: 3, transport, url: new URL('v2/channel/subscribe/', settings.address).href });
    manager.client.addListener('/meta/connect', message => {
      const state = message.successful ? 'connect' : 'disconnect';
      if (manager.states.at(-1) !== state) manager.states.push(state);
    });
    manager.client.addListener('/meta/unsuccessful', message => manager.errors.push(message.error));
    await new Promise(resolve => {
      manager.client.addListener('/meta/handshake', message => resolve(message));
      manager.client.handshake(token ? { ext: { authorization: `Bearer ${token}`, userName } } : {});
    });
    return manager;
  }

  channel(...parts) {
    const base = `/${parts.join('/')}`.replace(/\/{2,}/g, '/').replace(/\/$/, '');
    const name = topic => (topic ? `${base}/${topic}` : base).replace(/\/{2,}/g, '/').replace(/\/$/, '');
    return {
      subscribe: (topic, listener) => new Promise(resolve => this.client.batch(() => this.client.subscribe(name(topic), listener, {}, resolve))),
      publish: (topic, data) => new Promise(resolve => this.client.batch(() => this.client.publish(name(topic.replace(/\*$/, '')), data, {}, resolve))),
    };
  }
}

const place = ['acme', 'game', 'team'];
const alice = await ChannelManager.open({ userName: 'alice', token: settings.aliceToken, transport: 'websocket' });
const bob = await ChannelManager.open({ userName: 'bob', token: settings.bobToken, transport: settings.transport });
const group = collect(2);
const topic = collect(1);
const world = collect(1);
await bob.channel('group', ...place).subscribe('', message => { if (message.data.type !== 'user') group.add(message.data); });
await bob.channel('group', ...place).subscribe('broadcasts', message => topic.add(message.data));
const worldReply = await bob.channel('world', ...place, 'one').subscribe('', message => { if (message.data.type === 'run') world.add(message.data); });
const foreign = await bob.channel('group', 'acme', 'game', 'others').subscribe('', () => {});
await alice.channel('group', ...place).publish('', { type: 'chat', data: 'hello' });
await alice.channel('group', ...place).publish('broadcasts', { text: 'to all' });
await alice.channel('world', ...place, 'one').publish('', { type: 'run', subType: 'variables', data: { variables: { price: 50 } } });
const answer = await fetch(new URL('v2/channel/publish/group/acme/game/team', settings.address), {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', Authorization: 'Bearer project-token' },
  body: '{"type":"chat","subtype":"system","data":"over REST"}',
});
const sent = await answer.json();
finish({
  group: await group.all,
  topic: await topic.all,
  world: await world.all,
  world_subscribed: worldReply.successful,
  foreign: foreign.error ?? null,
  sent: { status: answer.status, ...sent },
  states: bob.states,
  errors: bob.errors,
  disconnected: [(await disconnect(alice.client)).successful, (await disconnect(bob.client)).successful],
});
