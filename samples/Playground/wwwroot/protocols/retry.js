// A pause that ends early when the signal aborts.
function pause(milliseconds, signal) {
  return signal.aborted ? Promise.resolve() : new Promise(resolve => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}

// Runs `connect(signal)` again and again until the returned function is called. It resolves to the milliseconds to wait before the next time.
export function keepConnected(connect) {
  const stop = new AbortController();
  (async () => {
    while (!stop.signal.aborted) await pause(await connect(stop.signal), stop.signal);
  })();
  return () => stop.abort();
}

export const afterLoss = 1000;
export const afterRefusal = 5000;
