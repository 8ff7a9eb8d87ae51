// Addresses of the Channels HTTP surface, shared by its protocols.

export function instanceUrl(target, path, parameters = {}) {
  const url = new URL(`/v1.1/instances/${encodeURIComponent(target.instance)}/${path}`, target.origin);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== '') url.searchParams.set(name, value);
  }
  return url;
}

export function channelUrl(target, path, parameters) {
  return instanceUrl(target, `channels/${encodeURIComponent(target.channel)}/${path}`, parameters);
}

export function webSocketUrl(url) {
  const socket = new URL(url);
  socket.protocol = socket.protocol === 'https:' ? 'wss:' : 'ws:';
  return socket;
}

// The spelling of an address where one text names channel and room.
export function streamAddress(target) {
  return target.room ? `${target.channel}:${target.room}` : target.channel;
}

export function keyHeaders({ apiKey, userKey }) {
  return userKey ? { 'X-API-KEY': apiKey, 'X-USER-KEY': userKey } : { 'X-API-KEY': apiKey };
}

// For WebSocket and EventSource, which cannot set headers.
export function keyParameters({ apiKey, userKey }) {
  return { api_key: apiKey, user_key: userKey };
}

// A request line to show, without the keys.
export function shown(url) {
  const clean = new URL(url);
  clean.searchParams.delete('api_key');
  clean.searchParams.delete('user_key');
  clean.searchParams.delete('auth_token');
  return clean.pathname.replace(/^.*?\/instances\/[^/]+\//, '') + clean.search;
}

// What the server says about an error, in one line.
export function errorText(status, body) {
  try {
    const error = JSON.parse(body);
    if (typeof error.detail === 'string') return `${status}: ${error.detail}`;
    if (error.meta) return `${status}: ${error.meta.error_message}`;
    return `${status}: ${Object.entries(error).map(([field, text]) => `${field}: ${[].concat(text).join(' ')}`).join(' ')}`;
  } catch {
    return `${status}: ${body || 'no answer'}`;
  }
}

export async function postJson(url, identity, json) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...keyHeaders(identity), 'Content-Type': 'application/json' },
    body: json,
  });
  const body = await response.text();
  if (!response.ok) throw new Error(errorText(response.status, body));
  return JSON.parse(body);
}
