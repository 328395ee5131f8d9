// @ts-check
/**
 * Light or dark: as the system has it, until the reader chooses by the button; the choice is kept.
 *
 * The colours themselves are CSS, `light-dark()`: without this script the system's wish holds.
 */
{
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");

  /** Read or write the kept choice; storage may be switched off, and then nothing is kept. */
  const kept = (/** @type {string} */ choice = "") => {
    try {
      if (choice) localStorage.setItem("appearance", choice);
      return localStorage.getItem("appearance");
    } catch {
      return choice || null;
    }
  };
  const shown = () => root.dataset.appearance ?? (system.matches ? "dark" : "light");
  const other = () => (shown() === "dark" ? "light" : "dark");

  const choice = kept();
  if (choice === "light" || choice === "dark") root.dataset.appearance = choice;

  document.addEventListener("DOMContentLoaded", () => {
    const button = /** @type {HTMLButtonElement} */ (document.querySelector("button.appearance"));
    const name = () => {
      button.textContent = other() === "dark" ? "Dark" : "Light";
      button.title = `Show the site ${other()}`;
    };
    button.addEventListener("click", () => {
      root.dataset.appearance = other();
      kept(root.dataset.appearance);
      name();
    });
    system.addEventListener("change", name);
    name();
    button.hidden = false;
  });
}
