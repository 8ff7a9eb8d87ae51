// Whether the server is ready, looked at now and then.
export function watchHealth(pill) {
  check();
  setInterval(check, 5000);

  async function check() {
    try {
      const response = await fetch('/health', { cache: 'no-store' });
      const text = (await response.text()).toLowerCase();
      pill.dataset.state = response.ok ? 'open' : 'retrying';
      pill.textContent = text;
    } catch {
      pill.dataset.state = 'refused';
      pill.textContent = 'unreachable';
    }
  }
}
