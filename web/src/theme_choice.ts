// Light or dark: the system's choice until the reader makes one. The button is page.ts's.
const EVENT = "lionrock-theme";
const system = matchMedia("(prefers-color-scheme: dark)");

export function onTheme(listener: () => void): void {
  window.addEventListener(EVENT, listener);
}

function isDark(): boolean {
  const chosen = document.documentElement.dataset["theme"];
  return chosen === undefined ? system.matches : chosen === "dark";
}

/** Brings the button to life and tells everybody on the page when the theme changes. */
export function startThemeChoice(button: HTMLButtonElement): void {
  const name = () => {
    const label = (isDark() ? button.dataset["light"] : button.dataset["dark"]) ?? "";
    button.setAttribute("aria-label", label);
    button.title = label;
  };
  const tell = () => {
    name();
    window.dispatchEvent(new Event(EVENT));
  };
  button.hidden = false;
  name();
  button.addEventListener("click", () => {
    const next = isDark() ? "light" : "dark";
    document.documentElement.dataset["theme"] = next;
    localStorage.setItem("lionrock-theme", next);
    tell();
  });
  system.addEventListener("change", tell);
}
