// Hong Kong's land, cut out of the world's coastline (OpenStreetMap contributors, ODbL).
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import polygonClipping from "polygon-clipping";

const WEST = 113.8, SOUTH = 22.13, EAST = 114.45, NORTH = 22.58;
const DECIMALS = 1e5; // about one metre, far below the source's own coarseness

const FRAME = [[[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]]];

export function clippedCoastline() {
  const file = createRequire(import.meta.url).resolve("@geo-maps/countries-coastline-1m/map.geo.json");
  const world = JSON.parse(readFileSync(file, "utf8"));
  const near = world.features.flatMap(polygonsOf).filter(([outer]) => touchesFrame(outer));
  const land = polygonClipping.intersection(polygonClipping.union(near[0], ...near.slice(1)), FRAME);
  const rounded = land.map((polygon) => polygon.map((ring) => ring.map((point) => point.map(round))));
  return {
    type: "FeatureCollection",
    features: [
      { type: "Feature", properties: { part: "land" }, geometry: { type: "MultiPolygon", coordinates: rounded } },
      { type: "Feature", properties: { part: "shore" }, geometry: { type: "MultiLineString", coordinates: shoreOf(rounded) } },
    ],
  };
}

function polygonsOf({ geometry }) {
  return geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates];
}

function touchesFrame(ring) {
  let west = Infinity, south = Infinity, east = -Infinity, north = -Infinity;
  for (const [lon, lat] of ring) {
    west = Math.min(west, lon); east = Math.max(east, lon);
    south = Math.min(south, lat); north = Math.max(north, lat);
  }
  return west < EAST && east > WEST && south < NORTH && north > SOUTH;
}

// The rings without the pieces that the cut itself made, so that no shore is drawn along the frame.
function shoreOf(polygons) {
  const lines = [];
  for (const ring of polygons.flat()) {
    let line = [ring[0]];
    for (let i = 1; i < ring.length; i++) {
      if (onSameEdge(ring[i - 1], ring[i])) {
        if (line.length > 1) lines.push(line);
        line = [];
      }
      line.push(ring[i]);
    }
    if (line.length > 1) lines.push(line);
  }
  return lines;
}

function onSameEdge([ax, ay], [bx, by]) {
  return (ax === bx && (ax === WEST || ax === EAST)) || (ay === by && (ay === SOUTH || ay === NORTH));
}

function round(degrees) {
  return Math.round(degrees * DECIMALS) / DECIMALS;
}
