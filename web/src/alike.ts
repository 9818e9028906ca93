// What tells roads of one name and direction apart: the town that each is nearest to, and its number where that is the same.
import type { FeatureCollection, Point } from "geojson";
import { getJson, type Network } from "./api";
import { page, say, word } from "./page_data";
import { networkPlace } from "./traffic";

type Town = FeatureCollection<Point, { class: string; en: string; tc: string; sc: string }>["features"][number];
const told = new Map<string, string>();

/** Reads the towns, and gives every road that has a namesake its words; without towns it is the number alone. */
export async function tellApart({ features }: Network): Promise<void> {
  const towns = page.assets === null ? [] : await getJson<FeatureCollection<Point, Town["properties"]>>(page.assets.places).then((found) => found.features.filter(({ properties }) => properties.class === "town"), () => []);
  for (const namesakes of groups(features.map((feature) => [`${say(feature.properties.name)}|${feature.properties.direction}|${feature.properties.kind}`, String(feature.id)]))) {
    for (const neighbours of groups(namesakes.map((id) => [nearest(id, towns), id]), 1)) {
      const [first = "", ...others] = neighbours;
      const near = others.length > 0 ? "" : nearest(first, towns); // a town that two are near tells neither
      for (const id of neighbours) told.set(id, near === "" ? id : word("roads.near", { place: near }));
    }
  }
}

/** What to say of a road beside its name and direction; nothing where these name it alone. */
export function besideName(id: string): string {
  return told.get(id) ?? "";
}

function groups(keyed: [string, string][], least = 2): string[][] {
  const found = new Map<string, string[]>();
  for (const [key, id] of keyed) found.set(key, [...(found.get(key) ?? []), id]);
  return [...found.values()].filter((ids) => ids.length >= least);
}

function nearest(id: string, towns: Town[]): string {
  const here = networkPlace(id);
  if (here === null || towns.length === 0) return "";
  const away = ({ geometry: { coordinates: [lon = 0, lat = 0] } }: Town): number => Math.hypot((lon - here[0]) * Math.cos((lat * Math.PI) / 180), lat - here[1]);
  const town = towns.reduce((best, one) => (away(one) < away(best) ? one : best));
  return say(town.properties);
}
