// Which detectors stand where no segment tells a speed: there the detectors speak for the roads.
import type { Position } from "geojson";
import type { Network } from "./api";

const CELL_DEG = 0.006; // some 600 m: a detector has its road in its own cell or in one beside it

function cellOf([lon, lat]: Position): [number, number] {
  return [Math.floor((lon ?? 0) / CELL_DEG), Math.floor((lat ?? 0) / CELL_DEG)];
}

// Points so close along a line that no cell on its way is left out.
function* along(line: Position[]): Generator<Position> {
  for (const [place, [lon = 0, lat = 0]] of line.entries()) {
    const [toLon = lon, toLat = lat] = line[place + 1] ?? [];
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(toLon - lon), Math.abs(toLat - lat)) / CELL_DEG));
    for (let step = 0; step < steps; step += 1) yield [lon + ((toLon - lon) * step) / steps, lat + ((toLat - lat) * step) / steps];
  }
}

/** Ids of the detectors that have no segment of ``speaking`` near them. */
export function uncovered(network: Network, speaking: Set<string>): Set<string> {
  const covered = new Set<string>();
  for (const { id, geometry } of network.features) {
    if (geometry.type !== "LineString" || !speaking.has(String(id))) continue;
    for (const point of along(geometry.coordinates)) covered.add(cellOf(point).join(" "));
  }
  const alone = new Set<string>();
  for (const { id, geometry } of network.features) {
    if (geometry.type !== "Point") continue;
    const [column, row] = cellOf(geometry.coordinates);
    const near = [-1, 0, 1].some((x) => [-1, 0, 1].some((y) => covered.has(`${column + x} ${row + y}`)));
    if (!near) alone.add(String(id));
  }
  return alone;
}
