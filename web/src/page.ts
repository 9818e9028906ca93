// On every page: the theme's button, and menus that close on Escape or a click elsewhere.
import { getElement } from "./dom";
import { startLive } from "./live";
import { startThemeChoice } from "./theme_choice";

const wide = matchMedia("(min-width: 80rem)");
const menu = document.querySelector<HTMLDetailsElement>("details.menu");

function openWhereWide(): void {
  if (menu !== null) menu.open = wide.matches; // a bar of links where there is room, a menu where not
}

startThemeChoice(getElement("theme", HTMLButtonElement));
startLive();
openWhereWide();
wide.addEventListener("change", openWhereWide);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of openMenus()) {
    open.open = false;
    open.querySelector("summary")?.focus();
  }
});
document.addEventListener("click", (event) => {
  for (const open of openMenus()) if (!open.contains(event.target as Node)) open.open = false;
});

function openMenus(): HTMLDetailsElement[] {
  return [...document.querySelectorAll<HTMLDetailsElement>("details.layers[open], details.export[open], details.person[open], details.menu[open]")]
    .filter((details) => !(details === menu && wide.matches));
}
