// The whole city in one line: its share of free-flow speed, or the vehicles that its detectors counted.
import { getElement, make } from "./dom";
import { isAhead } from "./moment";
import { PACES } from "./pace";
import { page, word } from "./page_data";
import { counted, isSpeaking, onShown, type RoadNow, type Shown } from "./traffic";
import { figureWords, VOLUMES } from "./volume";

interface Part { mark: Record<string, string>; name: string; n: number }

export function startPulse(): void {
  onShown((shown) => (shown.measure === "volume" ? drawVolume(shown) : drawSpeed(counted(shown.roads), shown.roads)));
}

function drawSpeed(roads: RoadNow[], all: RoadNow[]): void {
  const known = roads.filter(isSpeaking);
  const silent = roads.length - known.length;
  const mean = known.reduce((total, road) => total + Math.min(1, road.ratio ?? 0), 0) / known.length;
  const parts = [...PACES].reverse().map((pace) => ({ mark: { "data-pace": pace as string }, name: word(`pace.${pace}`), n: known.filter((road) => road.pace === pace).length }));
  parts.push({ mark: { "data-pace": "unknown" }, name: word("pace.unknown"), n: silent });
  const bad = known.filter((road) => road.pace === "jammed" || road.pace === "slow").length;
  const words = [...(known.length > 0 ? [word("pulse.slow", { n: figureWords(bad), total: figureWords(known.length) })] : []), ...(silent > 0 ? [word("pulse.silent", { n: figureWords(silent) })] : [])];
  const segments = all.some(({ road }) => road.kind === "segment");
  if (segments && known.length > 0 && known.every(({ road }) => road.kind === "detector")) words.push(word("pulse.by_detectors"));
  draw(known.length === 0 ? "–" : `${Math.round(100 * mean)}%`, word("pulse.of_free"), parts, words.join(" · "));
}

function drawVolume({ moment, roads, volumes }: Shown): void {
  const detectors = roads.filter(({ road }) => road.kind === "detector");
  const parts = [...VOLUMES, "unknown" as const].map((volume) => ({ mark: { "data-volume": volume as string }, name: word(`volume.${volume}`), n: detectors.filter((one) => one.volume === volume).length }));
  const heard = volumes?.vehicles_per_h.filter((count) => count !== null).length ?? 0;
  const words = isAhead(moment) ? word("pulse.not_forecast") : `${word("pulse.heard", { n: figureWords(heard), total: figureWords(volumes?.ids.length ?? 0) })} · ${word("pulse.each")}`;
  draw(figureWords(volumes?.vehicles ?? null), word(isAhead(moment) ? "measure.volume" : page.source === "recording" ? "pulse.vehicles" : "pulse.vehicles_before"), parts, words);
}

function draw(figure: string, unit: string, parts: Part[], words: string): void {
  getElement("pulse-figure", HTMLElement).textContent = figure;
  getElement("pulse-unit", HTMLElement).textContent = unit;
  getElement("pulse-bar", HTMLElement).replaceChildren(...parts.filter(({ n }) => n > 0).map(({ mark, name, n }) => {
    const part = make("span", { ...mark, title: `${name}: ${n}` });
    part.style.flexGrow = String(n);
    return part;
  }));
  getElement("pulse-words", HTMLElement).textContent = words;
}
