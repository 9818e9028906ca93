// The colours and what they mean.
import { getElement, make } from "./dom";
import type { Network } from "./api";
import { currentView, onView, type Measure } from "./moment";
import { PACE_BOUNDS, PACES } from "./pace";
import { word } from "./page_data";
import { figureWords, VOLUME_BOUNDS, VOLUMES } from "./volume";

export function startLegend(): void {
  onView(({ measure }, changed) => { if (changed.measure) draw(measure); });
  draw(currentView().measure);
}

export function showStraightNote(network: Network): void {
  getElement("legend-straight", HTMLElement).hidden = !network.features.some((feature) => feature.properties.straight);
}

function draw(measure: Measure): void {
  const title = getElement("legend-title", HTMLElement);
  title.textContent = word(measure === "volume" ? "volume.title" : "legend.title");
  getElement("legend-scale", HTMLOListElement).replaceChildren(...(measure === "volume"
    ? [...VOLUMES.map((volume, i) => entry("volume", volume, ranges(VOLUME_BOUNDS.map(figureWords))[i] ?? "")), entry("volume", "unknown", "")]
    : [...PACES.map((pace, i) => entry("pace", pace, ranges(PACE_BOUNDS.map((bound) => String(Math.round(100 * bound))), "%")[i] ?? "")), entry("pace", "unknown", "")]));
}

function ranges(bounds: string[], unit = ""): string[] {
  return [`<${bounds[0]}${unit}`, ...bounds.slice(1).map((upper, i) => `${bounds[i]}–${upper}${unit}`), `≥${bounds.at(-1)}${unit}`];
}

function entry(scale: "pace" | "volume", name: string, range: string): HTMLElement {
  return make("li", { [`data-${scale}`]: name }, make("span", { class: "swatch" }), make("span", { class: "legend-word" }, word(`${scale}.${name}`)), make("span", { class: "legend-range" }, range));
}
