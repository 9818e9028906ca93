// The road network and its speeds at the moment the page looks at.
import { getJson, TRAFFIC, type Network, type RoadProperties, type Speeds } from "./api";
import { currentView, DEPARTURES, momentQuery, type Moment } from "./moment";
import { paceOf, ratioOf, STALE_S, type Pace } from "./pace";

export interface RoadNow {
  id: string;
  road: RoadProperties;
  speedKmh: number | null;
  lowKmh: number | null;
  highKmh: number | null;
  ageS: number | null;
  stale: boolean;
  ratio: number | null;
  pace: Pace;
}

export interface Shown { moment: Moment; speeds: Speeds; roads: RoadNow[]; loadedAt: number }

let network: Network | null = null;
let shown: Shown | null = null;
let wanted = "";
const forecasts = new Map<number, Speeds>();
const listeners: ((shown: Shown) => void)[] = [];
const forecastListeners: (() => void)[] = [];

export function onShown(listener: (shown: Shown) => void): void {
  listeners.push(listener);
}

export function onForecasts(listener: () => void): void {
  forecastListeners.push(listener);
}

export function currentShown(): Shown | null {
  return shown;
}

export async function loadNetwork(): Promise<Network> {
  const loaded = await getJson<Network>(`${TRAFFIC}/network`);
  // MapLibre's feature state needs the id among the properties (promoteId).
  for (const feature of loaded.features) Object.assign(feature.properties, { id: String(feature.id) });
  network = loaded;
  return loaded;
}

/** Loads and shows the speeds of the moment the page looks at; a slower, older request loses. */
export async function loadSpeeds(): Promise<void> {
  const { moment } = currentView();
  const query = momentQuery(moment);
  wanted = query;
  if ("departure" in moment) {
    const known = forecasts.get(moment.departure);
    if (known !== undefined && moment.departure > 0) show(moment, known); // recolours at once, then refreshes
  }
  const speeds = await getJson<Speeds>(`${TRAFFIC}/speeds?${query}`);
  if ("departure" in moment) forecasts.set(moment.departure, speeds);
  if (wanted === query) show(moment, speeds);
}

/** Fetches every departure, so that the ridge can be drawn and a choice recolours at once. */
export async function loadForecasts(): Promise<void> {
  for (const departure of DEPARTURES) {
    forecasts.set(departure, await getJson<Speeds>(`${TRAFFIC}/speeds?departure=${departure}`));
  }
  for (const listener of forecastListeners) listener();
}

export function forecastOf(departure: number): Speeds | undefined {
  return forecasts.get(departure);
}

function show(moment: Moment, speeds: Speeds): void {
  shown = { moment, speeds, roads: roadsOf(speeds), loadedAt: Date.now() };
  for (const listener of listeners) listener(shown);
}

/** Every road of the network with its value in ``speeds``; a road that is absent there has no data. */
export function roadsOf(speeds: Speeds): RoadNow[] {
  if (network === null) return [];
  const places = new Map(speeds.ids.map((id, place) => [id, place]));
  return network.features.map((feature) => {
    const id = String(feature.id);
    const place = places.get(id);
    const at = <T>(values: (T | null)[] | null): T | null => (place === undefined ? null : (values?.[place] ?? null));
    const speedKmh = at(speeds.speed_kmh);
    const ageS = at(speeds.age_s);
    const ratio = ratioOf(speedKmh, feature.properties.free_flow_kmh);
    return {
      id, speedKmh, ageS, ratio, road: feature.properties, lowKmh: at(speeds.low_kmh), highKmh: at(speeds.high_kmh),
      stale: ageS !== null && ageS > STALE_S, pace: paceOf(ratio),
    };
  });
}

export function networkPlace(id: string): [number, number] | null {
  const geometry = network?.features.find((feature) => String(feature.id) === id)?.geometry;
  if (geometry === undefined) return null;
  const point = geometry.type === "Point" ? geometry.coordinates : geometry.coordinates[Math.floor(geometry.coordinates.length / 2)];
  return point === undefined ? null : [point[0] as number, point[1] as number];
}

/** The roads that a share of the city is counted over: its segments, or its detectors where it has no segments. */
export function counted(roads: RoadNow[]): RoadNow[] {
  const segments = roads.filter(({ road }) => road.kind === "segment");
  return segments.length === 0 ? roads : segments;
}

/** Age of the freshest value shown, in seconds, growing while the page waits; null without any value. */
export function freshestAgeS({ speeds, loadedAt }: Shown): number | null {
  const ages = speeds.age_s.filter((age) => age !== null);
  return ages.length === 0 ? null : ages.reduce((a, b) => Math.min(a, b)) + (Date.now() - loadedAt) / 1000;
}
