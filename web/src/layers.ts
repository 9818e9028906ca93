// Which layers the map shows.
import { getElement, make } from "./dom";
import type { TrafficMap } from "./map";
import { word } from "./page_data";
import { onTab } from "./tabs";

export const LAYERS = ["roads", "detectors", "incidents", "rain", "stations", "car_parks", "places"] as const;

export function startLayers(map: TrafficMap): void {
  const choices = getElement("layer-choices", HTMLFieldSetElement);
  for (const name of LAYERS) {
    const box = make("input", { type: "checkbox", "data-testid": `layer-${name}` });
    box.checked = map.isLayerOn(name);
    box.addEventListener("change", () => map.setLayer(name, box.checked));
    choices.append(make("label", {}, box, make("span", {}, word(`layers.${name}`))));
    onTab((list) => { // what is listed beside the map is on it
      if (list !== name || box.checked) return;
      box.checked = true;
      map.setLayer(name, true);
    });
  }
}
