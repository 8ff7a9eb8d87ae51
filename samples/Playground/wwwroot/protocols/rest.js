import { channelUrl, postJson } from './addresses.js';

export default {
  id: 'rest',
  family: 'Syncano',
  title: 'REST publish',
  path: 'POST channels/{name}/publish/',

  async publish(target, json) {
    const room = target.room ? `,"room":${JSON.stringify(target.room)}` : '';
    const { id } = await postJson(channelUrl(target, 'publish/'), target.identity, `{"payload":${json}${room}}`);
    return { id };
  },
};
