// Find a road or place and go there.
import { besideName } from "./alike";
import { getJson, TRAFFIC, type Found, type Search } from "./api";
import { startCombobox } from "./combobox";
import { getElement } from "./dom";
import { chooseRoad } from "./moment";
import { beside, say, sayDirection, word } from "./page_data";
import { findPlaces } from "./places";
import { attempt } from "./problem";
import { currentShown } from "./traffic";

export function startSearch(goTo: (lon: number, lat: number) => void): void {
  startCombobox<Found>(getElement("search", HTMLInputElement), getElement("search-results", HTMLUListElement), {
    find: async (text, signal) => {
      const roads = getJson<Search>(`${TRAFFIC}/search?text=${encodeURIComponent(text)}`, signal);
      const [places, named] = await Promise.all([findPlaces(text), roads]);
      return [...places, ...named.results];
    },
    words: (one) => [say(one.name), kindWords(one)],
    pick: (one) => {
      if (one.lon !== null && one.lat !== null) goTo(one.lon, one.lat);
      if (currentShown()?.roads.some((road) => road.id === one.id)) chooseRoad(one.id);
    },
    attempt: (look) => attempt("search", look),
    enterPicksFirst: true,
  });
}

// Two carriageways share a name: the direction tells them apart, and what is near where that is the same.
function kindWords({ id, kind }: Found): string {
  if (kind === "place") return word("search.place");
  const road = currentShown()?.roads.find((one) => one.id === id)?.road;
  if (road === undefined) return kind;
  return beside(sayDirection(road.direction), besideName(id), kind === "detector" ? word("roads.kind_detector") : "");
}
