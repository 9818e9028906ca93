// The colours and what they mean.
import { getElement, make } from "./dom";
import type { Network } from "./api";
import { PACE_BOUNDS, PACES } from "./pace";
import { word } from "./page_data";

export function startLegend(): void {
  const scale = getElement("legend-scale", HTMLOListElement);
  const bounds = PACE_BOUNDS.map((bound) => Math.round(100 * bound));
  const ranges = [`<${bounds[0]}%`, ...bounds.slice(1).map((upper, i) => `${bounds[i]}–${upper}%`), `≥${bounds.at(-1)}%`];
  PACES.forEach((pace, i) => scale.append(entry(pace, ranges[i] ?? "")));
  scale.append(entry("unknown", ""));
}

export function showStraightNote(network: Network): void {
  getElement("legend-straight", HTMLElement).hidden = !network.features.some((feature) => feature.properties.straight);
}

function entry(pace: string, range: string): HTMLElement {
  return make("li", { "data-pace": pace }, make("span", { class: "swatch" }), make("span", { class: "legend-word" }, word(`pace.${pace}`)), make("span", { class: "legend-range" }, range));
}
