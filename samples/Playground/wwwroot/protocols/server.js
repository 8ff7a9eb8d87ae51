import { instanceUrl, postJson } from './addresses.js';

export default {
  id: 'server',
  family: 'Native',
  title: 'Server publish',
  path: 'POST messages/',

  async publish(target, json) {
    const address = JSON.stringify({ channel: target.channel, room: target.room || undefined }).slice(1, -1);
    const { id } = await postJson(instanceUrl(target, 'messages/'), target.identity, `{${address},"payload":${json}}`);
    return { id };
  },
};
