// The whole city in one line: its share of free-flow speed and how many roads run at which pace.
import { getElement, make } from "./dom";
import { PACES } from "./pace";
import { word } from "./page_data";
import { counted, onShown, type RoadNow } from "./traffic";

export function startPulse(): void {
  onShown(({ roads }) => draw(counted(roads)));
}

function draw(roads: RoadNow[]): void {
  const known = roads.filter((road) => road.pace !== "unknown" && !road.stale);
  const silent = roads.length - known.length;
  const mean = known.reduce((total, road) => total + Math.min(1, road.ratio ?? 0), 0) / known.length;
  getElement("pulse-percent", HTMLElement).textContent = known.length === 0 ? "–" : `${Math.round(100 * mean)}%`;
  const counts = [...PACES].reverse().map((pace) => ({ pace: pace as string, n: known.filter((road) => road.pace === pace).length }));
  if (silent > 0) counts.push({ pace: "unknown", n: silent });
  getElement("pulse-bar", HTMLElement).replaceChildren(...counts.filter(({ n }) => n > 0).map(({ pace, n }) => {
    const part = make("span", { "data-pace": pace, title: `${word(`pace.${pace}`)}: ${n}` });
    part.style.flexGrow = String(n);
    return part;
  }));
  const bad = known.filter((road) => road.pace === "jammed" || road.pace === "slow").length;
  getElement("pulse-words", HTMLElement).textContent =
    [...(known.length > 0 ? [word("pulse.slow", { n: bad, total: known.length })] : []), ...(silent > 0 ? [word("pulse.silent", { n: silent })] : [])].join(" · ");
}
