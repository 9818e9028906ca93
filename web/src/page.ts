// On every page: the theme's button, and menus that close on Escape or a click elsewhere.
import { getElement } from "./dom";
import { startDeeds } from "./deeds";
import { startLive } from "./live";
import { startPlacesAsked } from "./places_asked";
import { startRoadNames } from "./road_names";
import { startThemeChoice } from "./theme_choice";

startThemeChoice(getElement("theme", HTMLButtonElement));
startLive();
startRoadNames();
startPlacesAsked();
startDeeds();

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
  return [...document.querySelectorAll<HTMLDetailsElement>("details.layers[open], details.export[open], details.person[open], details.menu[open]")];
}
