// What some weather takes from each road, in five classes of speed lost; the colours are those of the paces.
import type { Feature, FeatureCollection, LineString, Point } from "geojson";
import type { Network, RoadProperties } from "./api";
import { page, say, sayDirection, word } from "./page_data";

/** The server's answer: lists parallel to `ids`. */
export interface RoadEffects {
  grade: Grade;
  ids: string[];
  effect_pct: (number | null)[];
  low_pct: (number | null)[];
  high_pct: (number | null)[];
  usual_kmh: (number | null)[];
  own_days: number[];
  grades: Grade[];
}
export type Grade = "never" | "too_few" | "few" | "enough";

// Upper bounds of the percent of speed lost, and the colour of each class.
export const LOSS_BOUNDS = [2, 5, 10, 20] as const;
export const LOSS_COLOURS = ["pace-free", "pace-steady", "pace-heavy", "pace-slow", "pace-jammed"] as const;

/** One road as the map draws and tells it. `borrowed`: fewer than three days of its own, the city's effect stands in. */
export interface RoadEffect {
  id: string;
  kind: "segment" | "detector";
  loss: number;
  borrowed: boolean;
  lines: string;
}
export type Roads = FeatureCollection<LineString | Point, RoadEffect>;

export interface Counts { known: number; borrowed: number; unknown: number }

const signed = new Intl.NumberFormat(page.tag, { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: "exceptZero" });
const figures = { format: (value: number): string => signed.format(value).replace("-", "−") };

export function lossClass(effectPct: number): number {
  const index = LOSS_BOUNDS.findIndex((bound) => -effectPct < bound);
  return index === -1 ? LOSS_BOUNDS.length : index;
}

/** The roads of the network whose change is known as features, and how many there are of each sort. */
export function roadsOf(network: Network, effects: RoadEffects): { roads: Roads; counts: Counts } {
  const row = new Map(effects.ids.map((id, index) => [id, index]));
  const features: Feature<LineString | Point, RoadEffect>[] = [];
  const counts = { known: 0, borrowed: 0, unknown: 0 };
  for (const { id, geometry, properties } of network.features) {
    const index = row.get(String(id)) ?? -1;
    const effect = effects.effect_pct[index] ?? null;
    if (effect === null) { counts.unknown += 1; continue; }
    const borrowed = !["few", "enough"].includes(effects.grades[index] ?? "never");
    counts[borrowed ? "borrowed" : "known"] += 1;
    const lines = JSON.stringify(linesOf(properties, effects, index, effect, borrowed));
    features.push({ type: "Feature", geometry, properties: { id: String(id), kind: properties.kind, loss: lossClass(effect), borrowed, lines } });
  }
  return { roads: { type: "FeatureCollection", features }, counts };
}

function linesOf(road: RoadProperties, effects: RoadEffects, index: number, effect: number, borrowed: boolean): string[] {
  const [low, high, usual] = [effects.low_pct[index] ?? effect, effects.high_pct[index] ?? effect, effects.usual_kmh[index] ?? 0];
  return [
    `${say(road.name)} · ${sayDirection(road.direction)}`,
    word("weather_effects.map_change", { effect: figures.format(effect), low: figures.format(low), high: figures.format(high) }),
    word("weather_effects.map_speeds", { usual: Math.round(usual), predicted: Math.round(usual * (1 + effect / 100)) }),
    borrowed ? word("weather_effects.map_borrowed", { n: effects.own_days[index] ?? 0 }) : word("weather_effects.map_own", { n: effects.own_days[index] ?? 0, grade: word(`weather_effects.grade_${effects.grades[index] ?? "never"}`) }),
  ];
}
