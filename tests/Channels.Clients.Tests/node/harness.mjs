// What the scripts share. A script gets its settings as one JSON argument and reports JSON, one document a line.
import { createRequire } from 'node:module';

export const settings = JSON.parse(process.argv[2]);

export function report(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

// Ends the process although requests are still waiting.
export function finish(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`, () => process.exit(0));
}

// The unmodified Syncano client, as one of the settings' identities.
export function connect({ apiKey, userKey, accountKey }) {
  const syncano = createRequire(import.meta.url)('syncano');
  return (syncano.default ?? syncano)({ baseUrl: settings.address, apiKey, userKey, accountKey });
}

// Runs a call of the client. Its query sets are not quite promises: their `then` takes no second callback, so that `await` alone would hang on errors.
export function run(call) {
  return call.then(value => value);
}

// The outcome of a call, as data.
export async function outcome(call) {
  try {
    return { value: await run(call) };
  } catch (error) {
    return { error: { name: error.name, message: error.message, status: error.status, errors: error.errors } };
  }
}
