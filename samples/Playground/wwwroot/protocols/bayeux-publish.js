import { channelOf } from './bayeux.js';
import { errorText } from './addresses.js';

export default {
  id: 'bayeux-publish',
  family: 'Bayeux',
  title: 'REST publish',
  path: 'POST /v2/channel/publish/{channel}',

  // The body is what subscribers receive; the answer names no id.
  async publish(target, json) {
    const { name, apiKey, userKey } = target.identity;
    const response = await fetch(new URL(`/v2/channel/publish${channelOf(target)}`, target.origin), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${userKey ? `${name}-token` : apiKey}` },
      body: json,
    });
    const body = await response.text();
    if (!response.ok) throw new Error(errorText(response.status, body));
    return {};
  },
};
