// What the push stream protocols share: addresses, and the cursor of time and tag.

// `cursor` is { time, tag } of the last message seen, or of the headers of the last answer.
export function pushStreamUrl(target, transport, cursor) {
  const name = target.room ? `${target.channel}.${target.room}` : target.channel;
  const url = new URL(`/${transport}/${encodeURIComponent(name)}`, target.origin);
  url.searchParams.set('auth_token', target.identity.token ?? '');
  if (cursor) {
    url.searchParams.set('time', cursor.time);
    url.searchParams.set('tag', cursor.tag);
  }
  return url;
}

// Objects are divided by line breaks.
export function objects(body) {
  return body.split('\r\n').filter(Boolean).map(text => JSON.parse(text));
}

// Messages have ids above 0; a notice tells that the channel was deleted.
export function take(object, sink) {
  if (object.id > 0) sink.message({ id: object.id, payload: object.message });
  else sink.frame('note', `${object.channel}: ${object.message}`);
}
