// Journeys: the page works without this; the map, names while one writes, my position and saved trips are added here.
import { showAnswer, startAnswer, takePlan } from "./journeys_answer";
import { JourneyMap } from "./journeys_map";
import { startEnds } from "./journeys_ends";
import { startTrips } from "./journeys_trips";
import { getElement } from "./dom";

function startMap(): JourneyMap | null {
  getElement("map-place", HTMLElement).hidden = false;
  try {
    return new JourneyMap(getElement("map", HTMLElement));
  } catch (failure) {
    console.warn("no map:", failure);
    getElement("map-failed", HTMLElement).hidden = false;
    getElement("map-hint", HTMLElement).hidden = true;
    return null;
  }
}

const map = startMap();
const ends = startEnds();
map?.whenPointed((end, words) => {
  ends.fill(end, words);
  if (ends.complete()) void takePlan(ends.address());
});
startTrips();
startAnswer(ends, map);
showAnswer(map);
