// The button goes round: as the system says, light, dark.
const names = ['auto', 'light', 'dark'];

export function useTheme(button) {
  show(localStorage.getItem('theme') ?? 'auto');
  button.addEventListener('click', () => show(names[(names.indexOf(document.documentElement.dataset.theme) + 1) % names.length]));

  function show(name) {
    document.documentElement.dataset.theme = name;
    localStorage.setItem('theme', name);
    button.textContent = name[0].toUpperCase() + name.slice(1);
  }
}
