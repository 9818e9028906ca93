// Weather and traffic: the page works without this; the map of what the weather takes from each road is added here.
import type { Network } from "./api";
import { getJson, TRAFFIC } from "./api";
import { announce } from "./announce";
import { getElement } from "./dom";
import { page, word } from "./page_data";
import { EffectsMap } from "./weather_effects_map";
import type { RoadEffects } from "./weather_effects_roads";

const place = getElement("effects-place", HTMLElement);
const container = getElement("effects-map", HTMLElement);

async function start(): Promise<void> {
  const asked = new URLSearchParams({ level: container.dataset["level"] ?? "", day: container.dataset["day"] ?? "", hour: container.dataset["hour"] ?? "" });
  place.hidden = false;
  let map: EffectsMap;
  try {
    map = new EffectsMap(container, (road) => address(road));
  } catch (failure) {
    console.warn("no map:", failure);
    getElement("effects-failed", HTMLElement).hidden = false;
    return;
  }
  try {
    const [network, effects] = await Promise.all([getJson<Network>(`${TRAFFIC}/network`), getJson<RoadEffects>(`/api/v1/weather_effects/roads?${asked.toString()}`)]);
    const { known, borrowed, unknown } = map.show(network, effects);
    const counts = word("weather_effects.map_counts", { known, borrowed, unknown });
    getElement("effects-counts", HTMLElement).textContent = counts;
    announce(counts);
  } catch (failure) {
    console.warn("no roads:", failure);
    getElement("effects-failed", HTMLElement).hidden = false;
  }
  for (const row of document.querySelectorAll<HTMLElement>("[data-road]")) {
    for (const event of ["mouseenter", "focusin"]) row.addEventListener(event, () => map.point(row.dataset["road"] ?? ""));
    for (const event of ["mouseleave", "focusout"]) row.addEventListener(event, () => map.point(""));
  }
}

/** This page with the same weather, asked about one road. */
function address(road: string): string {
  const wanted = new URLSearchParams(location.search);
  wanted.set("road", road);
  return `/${page.language}/weather-effects?${wanted.toString()}`;
}

void start();
