import { keyHeaders, instanceUrl, streamAddress } from '../protocols/addresses.js';

// A line for a terminal that follows the same address.
export function followCommand(target) {
  const headers = Object.entries(keyHeaders(target.identity)).map(([name, value]) => `  -H '${name}: ${value}' \\\n`).join('');
  const url = instanceUrl(target, 'stream/', { channel: streamAddress(target) });
  return `curl -N -H 'Accept: text/event-stream' \\\n${headers}  '${url}'`;
}
