// The map's layers, drawn with the style sheet's colours of the theme that is on.
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Measure } from "./moment";
import { PACES, themeColour } from "./pace";
import { page } from "./page_data";
import { VOLUMES } from "./volume";

const EMPTY = { type: "FeatureCollection" as const, features: [] };
const FONTS = ["Noto Sans CJK HK", "PingFang HK", "Microsoft JhengHei", "Noto Sans", "sans-serif"];
export const DETECTORS_FROM_ZOOM = 11.2;
export const BOUNDS: [number, number, number, number] = [113.8, 22.13, 114.45, 22.58];

/** The layers that the reader can switch, and the style's layers behind each. */
export const SWITCHES: Record<string, string[]> = {
  roads: ["road-casing", "road-casing-straight", "road", "road-straight", "road-chosen"],
  detectors: ["detector", "detector-chosen"],
  incidents: ["incident", "incident-name"],
  rain: ["rain"],
  stations: ["station"],
  car_parks: ["car-park", "car-park-number"],
  places: ["place", "peak"],
};

function paceColour(): ExpressionSpecification {
  const cases = PACES.flatMap((pace) => [pace, themeColour(`pace-${pace}`)]);
  return ["match", ["coalesce", ["feature-state", "pace"], "unknown"], ...cases, themeColour("pace-unknown")] as unknown as ExpressionSpecification;
}

function volumeColour(): ExpressionSpecification {
  const cases = VOLUMES.flatMap((volume) => [volume, themeColour(`volume-${volume}`)]);
  return ["match", ["coalesce", ["feature-state", "volume"], "unknown"], ...cases, "rgba(0,0,0,0)"] as unknown as ExpressionSpecification;
}

// Slower is wider, so that colour is not the only mark.
function roadWidth(extra: number): ExpressionSpecification {
  const weight = ["match", ["coalesce", ["feature-state", "pace"], "unknown"], "jammed", 1.75, "slow", 1.45, "heavy", 1.2, "unknown", 0.7, 1];
  const width = (base: number) => ["+", ["*", base, weight], extra];
  return ["interpolate", ["linear"], ["zoom"], 9, width(1.7), 10.5, width(2.7), 11.5, width(3.4), 13, width(5), 16, width(9)] as unknown as ExpressionSpecification;
}

const QUIET_WIDTH: ExpressionSpecification = ["interpolate", ["linear"], ["zoom"], 9, 1, 13, 2, 16, 4];

// Both directions of a road often share one course: each is drawn on its own side, the left, as it is driven.
export const KEEP_LEFT: ExpressionSpecification = ["interpolate", ["linear"], ["zoom"], 9, -1.2, 10.5, -2, 11.5, -2.5, 13, -3.6, 16, -6.5];

// Segments count no vehicles: where volumes are shown they are the quiet ground of the detectors.
function roadLayers(measure: Measure): LayerSpecification[] {
  const curved: ExpressionSpecification = ["all", ["==", ["get", "kind"], "segment"], ["!", ["get", "straight"]]];
  const straight: ExpressionSpecification = ["all", ["==", ["get", "kind"], "segment"], ["get", "straight"]];
  const round = { "line-cap": "round", "line-join": "round" } as const;
  const casing = { "line-offset": KEEP_LEFT, "line-color": themeColour("map-casing"), "line-width": roadWidth(2.4), "line-opacity": measure === "volume" ? 0 : 0.9 };
  const known: ExpressionSpecification = ["case", ["==", ["coalesce", ["feature-state", "pace"], "unknown"], "unknown"], 0.45, 1];
  const [colour, opacity] = measure === "volume" ? [themeColour("pace-unknown"), 0.3] : [paceColour(), known];
  const ink = { "line-offset": KEEP_LEFT, "line-color": colour, "line-width": measure === "volume" ? QUIET_WIDTH : roadWidth(0), "line-opacity": opacity };
  return [
    { id: "road-casing-straight", type: "line", source: "network", filter: straight, layout: round, paint: { ...casing, "line-opacity": measure === "volume" ? 0 : 0.4 } },
    { id: "road-casing", type: "line", source: "network", filter: curved, layout: round, paint: casing },
    { id: "road-straight", type: "line", source: "network", filter: straight, paint: { ...ink, "line-dasharray": [2.2, 1.1] } },
    { id: "road", type: "line", source: "network", filter: curved, layout: round, paint: ink },
    {
      id: "road-chosen", type: "line", source: "network", filter: ["==", ["get", "id"], ""], layout: round,
      paint: { "line-offset": KEEP_LEFT, "line-color": themeColour("map-chosen"), "line-width": 2, "line-gap-width": roadWidth(4) },
    },
  ];
}

// A detector that counted nothing, not even none, is a hollow ring.
function detectorRim(measure: Measure): ExpressionSpecification {
  const silent = ["==", ["coalesce", ["feature-state", "volume"], "unknown"], "unknown"];
  return ["case", ["all", measure === "volume", silent], themeColour("volume-unknown"), themeColour("map-casing")] as unknown as ExpressionSpecification;
}

// More vehicles make a larger mark, so that colour is not the only one.
function detectorRadius(measure: Measure): ExpressionSpecification {
  const weight = measure === "volume"
    ? ["match", ["coalesce", ["feature-state", "volume"], "unknown"], "1", 0.6, "2", 0.95, "3", 1.35, "4", 1.75, "5", 2.2, 0.6]
    : ["match", ["coalesce", ["feature-state", "pace"], "unknown"], "jammed", 1.5, "slow", 1.3, "unknown", 0.6, 1];
  const radius = (base: number) => ["*", base, weight];
  return ["interpolate", ["linear"], ["zoom"], 9, radius(1.9), 11, radius(3.2), 12, radius(3.8), 15, radius(6.5)] as unknown as ExpressionSpecification;
}

// Detectors crowd the roads that they stand on until the reader comes near; where no segment speaks they always show.
function detectorOpacity(measure: Measure, opacity: number | ExpressionSpecification): ExpressionSpecification {
  if (measure === "volume") return opacity as ExpressionSpecification;
  return ["step", ["zoom"], ["case", ["boolean", ["feature-state", "alone"], false], opacity, 0], DETECTORS_FROM_ZOOM, opacity] as unknown as ExpressionSpecification;
}

function detectorLayers(measure: Measure): LayerSpecification[] {
  const quiet = ["case", ["==", ["coalesce", ["feature-state", measure === "volume" ? "volume" : "pace"], "unknown"], "unknown"], 0.55, 1] as unknown as ExpressionSpecification;
  return [
    {
      id: "detector", type: "circle", source: "network", filter: ["==", ["get", "kind"], "detector"],
      paint: {
        "circle-radius": detectorRadius(measure), "circle-color": measure === "volume" ? volumeColour() : paceColour(), "circle-opacity": detectorOpacity(measure, quiet),
        "circle-stroke-color": detectorRim(measure), "circle-stroke-width": measure === "volume" ? 0.6 : 1, "circle-stroke-opacity": detectorOpacity(measure, quiet),
      },
    },
    {
      id: "detector-chosen", type: "circle", source: "network", filter: ["==", ["get", "id"], ""],
      paint: { "circle-radius": 10, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": themeColour("map-chosen"), "circle-stroke-width": 2.5 },
    },
  ];
}

/** The layers whose looks follow what the map tells. */
function trafficLayers(measure: Measure): LayerSpecification[] {
  return [...roadLayers(measure), ...detectorLayers(measure)];
}

function landLayers(): LayerSpecification[] {
  const shore = (width: number, opacity: number): LayerSpecification => ({
    id: `shore-${width}`, type: "line", source: "coastline", filter: ["==", ["get", "part"], "shore"], layout: { "line-join": "round", "line-cap": "round" },
    paint: { "line-color": themeColour("map-shallow"), "line-width": width, "line-opacity": opacity, "line-blur": width / 5 },
  });
  return [
    { id: "sea", type: "background", paint: { "background-color": themeColour("map-sea") } },
    shore(40, 0.32), shore(14, 0.7), // shallows, as on a chart; each costs a tenth of a frame where there is no graphics card
    { id: "land", type: "fill", source: "coastline", filter: ["==", ["get", "part"], "land"], paint: { "fill-color": themeColour("map-land"), "fill-antialias": false } },
    {
      id: "shore", type: "line", source: "coastline", filter: ["==", ["get", "part"], "shore"],
      paint: { "line-color": themeColour("map-shore"), "line-width": ["interpolate", ["linear"], ["zoom"], 9, 0.7, 14, 1.6] },
    },
  ];
}

function nameLayers(): LayerSpecification[] {
  const spoken: ExpressionSpecification = ["get", page.language];
  const halo = { "text-halo-color": themeColour("map-land"), "text-halo-width": 1.4 };
  return [
    {
      id: "place", type: "symbol", source: "places", filter: ["all", ["!=", ["get", "class"], "peak"], ["any", ["<=", ["get", "rank"], 2], [">=", ["zoom"], 11.2]]],
      layout: {
        "text-field": spoken, "text-font": FONTS, "text-letter-spacing": ["match", ["get", "class"], "water", 0.18, "island", 0.1, 0.02], "text-max-width": 7,
        "text-size": ["interpolate", ["linear"], ["zoom"], 9, ["match", ["get", "rank"], 1, 11.5, 10.5], 13, ["match", ["get", "rank"], 1, 15, 13]],
        "symbol-sort-key": ["get", "rank"], "text-padding": 6,
      },
      paint: { ...halo, "text-color": ["match", ["get", "class"], "water", themeColour("map-water-name"), themeColour("map-name")], "text-halo-width": ["match", ["get", "class"], "water", 0, 1.4] },
    },
    {
      id: "peak", type: "symbol", source: "places", filter: ["all", ["==", ["get", "class"], "peak"], ["any", ["==", ["get", "rank"], 1], [">=", ["zoom"], 11.2]]],
      layout: { "icon-image": "peak", "icon-allow-overlap": true, "text-field": spoken, "text-font": FONTS, "text-size": 10.5, "text-anchor": "bottom", "text-offset": [0, -0.7], "text-optional": true },
      paint: { ...halo, "text-color": themeColour("map-peak") },
    },
  ];
}

function thingLayers(): LayerSpecification[] {
  return [
    {
      id: "car-park", type: "circle", source: "car-parks", layout: { visibility: "none" },
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 4, 12, 9, 15, 13], "circle-color": themeColour("map-park"),
        "circle-opacity": ["case", ["boolean", ["get", "known"], false], 1, 0.4], "circle-stroke-color": themeColour("map-casing"), "circle-stroke-width": 1.5,
      },
    },
    {
      id: "car-park-number", type: "symbol", source: "car-parks", minzoom: 11, layout: { visibility: "none", "text-field": ["get", "vacancy"], "text-font": FONTS, "text-size": 10.5, "text-allow-overlap": true },
      paint: { "text-color": themeColour("map-park-ink") },
    },
    {
      id: "station", type: "symbol", source: "stations", layout: { visibility: "none", "text-field": ["get", "label"], "text-font": FONTS, "text-size": 11.5, "text-padding": 3 },
      paint: { "text-color": themeColour("map-station"), "text-halo-color": themeColour("map-land"), "text-halo-width": 1.6 },
    },
    { id: "incident", type: "symbol", source: "incidents", layout: { "icon-image": ["match", ["get", "status"], "closed", "incident-closed", "incident"], "icon-anchor": "bottom", "icon-allow-overlap": true } },
    {
      id: "incident-name", type: "symbol", source: "incidents", minzoom: 12.5,
      layout: { "text-field": ["get", "heading"], "text-font": FONTS, "text-size": 11.5, "text-anchor": "top", "text-offset": [0, 0.3], "text-max-width": 12 },
      paint: { "text-color": themeColour("map-name"), "text-halo-color": themeColour("map-land"), "text-halo-width": 1.6 },
    },
  ];
}

/** The whole style; sources start empty but for the coastline and the place names. */
export function mapStyle(measure: Measure): StyleSpecification {
  if (page.assets === null) throw new Error("the page has no map assets");
  const rain: LayerSpecification = {
    id: "rain", type: "fill", source: "rain",
    paint: { "fill-color": themeColour("map-rain"), "fill-opacity": ["interpolate", ["linear"], ["get", "mm"], 0, 0.08, 2, 0.22, 10, 0.42, 30, 0.62], "fill-antialias": false },
  };
  const tiles: LayerSpecification[] = page.tiles === null ? [] : [{ id: "tiles", type: "raster", source: "tiles" }];
  return {
    version: 8, // no "glyphs": text is drawn with the reader's own fonts, nothing is fetched
    sources: {
      coastline: { type: "geojson", data: page.assets.coastline },
      places: { type: "geojson", data: page.assets.places },
      network: { type: "geojson", data: EMPTY, promoteId: "id" },
      rain: { type: "geojson", data: EMPTY },
      stations: { type: "geojson", data: EMPTY },
      incidents: { type: "geojson", data: EMPTY },
      "car-parks": { type: "geojson", data: EMPTY },
      ...(page.tiles === null ? {} : { tiles: { type: "raster" as const, tiles: [page.tiles.url], tileSize: 256, attribution: page.tiles.attribution } }),
    },
    layers: [...landLayers(), ...tiles, rain, ...trafficLayers(measure), ...nameLayers(), ...thingLayers()],
  };
}
