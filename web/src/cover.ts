// Which detectors stand where no segment tells a speed: there the detectors speak for the roads.
import type { Position } from "geojson";
import type { Network } from "./api";

const CELL_DEG = 0.01; // about a kilometre

function cell([lon, lat]: Position): string {
  return `${Math.floor((lon ?? 0) / CELL_DEG)} ${Math.floor((lat ?? 0) / CELL_DEG)}`;
}

/** Ids of the detectors in whose cell of the map no road of ``speaking`` that is a segment has a point. */
export function uncovered(network: Network, speaking: Set<string>): Set<string> {
  const covered = new Set<string>();
  for (const { id, geometry } of network.features) {
    if (geometry.type === "LineString" && speaking.has(String(id))) for (const point of geometry.coordinates) covered.add(cell(point));
  }
  const alone = new Set<string>();
  for (const { id, geometry } of network.features) {
    if (geometry.type === "Point" && !covered.has(cell(geometry.coordinates))) alone.add(String(id));
  }
  return alone;
}
