// Places of the city by name: the towns, peaks and waters that the map writes.
import type { FeatureCollection, Point } from "geojson";
import { getJson, type Found } from "./api";
import { page } from "./page_data";

const MOST = 5;
let places: Promise<Found[]> | null = null;

/** Places whose name in any language contains these words, those that begin with them first. */
export async function findPlaces(text: string): Promise<Found[]> {
  places ??= load();
  const wanted = text.toLocaleLowerCase();
  const names = (place: Found): string[] => [place.name.en, place.name.tc, place.name.sc].map((name) => name.toLocaleLowerCase());
  const begins = (place: Found): boolean => names(place).some((name) => name.startsWith(wanted));
  const found = (await places).filter((place) => names(place).some((name) => name.includes(wanted)));
  return [...found.filter(begins), ...found.filter((place) => !begins(place))].slice(0, MOST);
}

async function load(): Promise<Found[]> {
  if (page.assets === null) return [];
  const { features } = await getJson<FeatureCollection<Point, Record<string, string>>>(page.assets.places);
  return features.map(({ properties, geometry }) => ({
    id: `place-${properties["en"]}`,
    name: { en: properties["en"] ?? "", tc: properties["tc"] ?? "", sc: properties["sc"] ?? "" },
    kind: "place",
    lon: geometry.coordinates[0] ?? null,
    lat: geometry.coordinates[1] ?? null,
  }));
}
