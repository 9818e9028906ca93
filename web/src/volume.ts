// How many vehicles pass a detector in an hour, in five classes; the colours are the style sheet's.
import { page } from "./page_data";

export const VOLUMES = ["1", "2", "3", "4", "5"] as const;
export type Volume = (typeof VOLUMES)[number] | "unknown";

// Upper bounds in vehicles an hour, all lanes together. A lane carries some 2,000 when it is full.
export const VOLUME_BOUNDS = [100, 500, 1500, 3000] as const;

const figures = new Intl.NumberFormat(page.tag);

export function volumeOf(vehiclesPerH: number | null): Volume {
  if (vehiclesPerH === null) return "unknown";
  const index = VOLUME_BOUNDS.findIndex((bound) => vehiclesPerH < bound);
  return VOLUMES[index === -1 ? VOLUMES.length - 1 : index] ?? "unknown";
}

export function figureWords(count: number | null): string {
  return count === null ? "–" : figures.format(count);
}
