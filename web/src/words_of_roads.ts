// A road's state in words, the same for the map's hint, the table and the panel.
import { say, sayDirection, word } from "./page_data";
import { agoInWords } from "./time";
import type { RoadNow } from "./traffic";
import { figureWords } from "./volume";

/** The road's name; its id where the source gives it none. */
export function nameWords({ id, road }: RoadNow): string {
  return say(road.name) || id;
}

export function speedWords(speedKmh: number | null): string {
  return speedKmh === null ? "–" : String(Math.round(speedKmh));
}

export function ratioWords(ratio: number | null): string {
  return ratio === null ? "–" : `${Math.round(100 * ratio)}%`;
}

/** Name and direction; speed and pace; vehicles where they were counted; age where there is one. */
export function roadWords(now: RoadNow): string[] {
  const speed = now.speedKmh === null ? word("pace.unknown") : `${speedWords(now.speedKmh)} ${word("roads.speed")} · ${word(`pace.${now.pace}`)} · ${ratioWords(now.ratio)}`;
  const lines = [`${nameWords(now)} · ${sayDirection(now.road.direction)}`, speed];
  if (now.vehiclesPerH !== null) lines.push(word("volume.an_hour", { n: figureWords(now.vehiclesPerH) }));
  if (now.ageS !== null) lines.push(agoInWords(now.ageS, "data.old") + (now.stale ? ` · ${word("age.stale")}` : ""));
  return lines;
}
