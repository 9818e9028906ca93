// The road network, its speeds and its volumes at the moment the page looks at.
import { getJson, TRAFFIC, type DetectorVolumes, type Network, type RoadProperties, type Speeds, type Volumes } from "./api";
import { hearClock, sourceNow } from "./clock";
import { uncovered } from "./cover";
import { currentView, DEPARTURES, isAhead, momentQuery, type Measure, type Moment } from "./moment";
import { paceOf, ratioOf, type Pace } from "./pace";
import { volumeOf, type Volume } from "./volume";

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
  vehiclesPerH: number | null;
  volume: Volume;
  alone: boolean; // a detector where no segment tells a speed: the map shows it from afar
}

export interface Shown { moment: Moment; measure: Measure; speeds: Speeds; volumes: DetectorVolumes | null; roads: RoadNow[] }

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

/** Loads and shows what the page looks at; a slower, older request loses. */
export async function loadShown(): Promise<void> {
  const { moment, measure } = currentView();
  const query = momentQuery(moment);
  const mine = `${measure} ${query}`;
  wanted = mine;
  const known = "departure" in moment && moment.departure > 0 ? forecasts.get(moment.departure) : undefined;
  if (known !== undefined) show(moment, measure, known, null); // recolours at once, then refreshes
  const [speeds, volumes] = await Promise.all([getJson<Speeds>(`${TRAFFIC}/speeds?${query}`), measure === "volume" ? loadVolumes(moment) : null]);
  hearClock(speeds.now);
  if ("departure" in moment) forecasts.set(moment.departure, speeds);
  if (wanted === mine) show(moment, measure, speeds, volumes);
}

// Volumes are measured, never forecast.
async function loadVolumes(moment: Moment): Promise<DetectorVolumes | null> {
  if (isAhead(moment)) return null;
  const then = "at" in moment ? `&${momentQuery(moment)}` : "";
  return (await getJson<Volumes>(`${TRAFFIC}/volumes?each=true${then}`)).detectors;
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

function show(moment: Moment, measure: Measure, speeds: Speeds, volumes: DetectorVolumes | null): void {
  shown = { moment, measure, speeds, volumes, roads: roadsOf(speeds, volumes) };
  for (const listener of listeners) listener(shown);
}

/** Every road of the network with its values; a road that is absent in ``speeds`` has no data. */
export function roadsOf(speeds: Speeds, volumes: DetectorVolumes | null = null): RoadNow[] {
  if (network === null) return [];
  const places = new Map(speeds.ids.map((id, place) => [id, place]));
  const counts = new Map(volumes?.ids.map((id, place) => [id, volumes.vehicles_per_h[place] ?? null]));
  const roads = network.features.map((feature) => {
    const id = String(feature.id);
    const place = places.get(id);
    const at = <T>(values: (T | null)[] | null): T | null => (place === undefined ? null : (values?.[place] ?? null));
    const speedKmh = at(speeds.speed_kmh);
    const ageS = at(speeds.age_s);
    const ratio = ratioOf(speedKmh, feature.properties.free_flow_kmh);
    const vehiclesPerH = counts.get(id) ?? null;
    return {
      id, speedKmh, ageS, ratio, road: feature.properties, lowKmh: at(speeds.low_kmh), highKmh: at(speeds.high_kmh),
      stale: ageS !== null && ageS > speeds.stale_after_s, pace: paceOf(ratio), vehiclesPerH, volume: volumeOf(vehiclesPerH), alone: false,
    };
  });
  const alone = uncovered(network, new Set(roads.filter(isSpeaking).map(({ id }) => id)));
  for (const road of roads) road.alone = alone.has(road.id);
  return roads;
}

/** Whether a speed is known now, not one from long ago. */
export function isSpeaking({ pace, stale }: RoadNow): boolean {
  return pace !== "unknown" && !stale;
}

export function networkPlace(id: string): [number, number] | null {
  const geometry = network?.features.find((feature) => String(feature.id) === id)?.geometry;
  if (geometry === undefined) return null;
  const point = geometry.type === "Point" ? geometry.coordinates : geometry.coordinates[Math.floor(geometry.coordinates.length / 2)];
  return point === undefined ? null : [point[0] as number, point[1] as number];
}

/** The roads that a share of the city is counted over: segments and the detectors where these are silent; no segment that says nothing while detectors speak for it. */
export function counted(roads: RoadNow[]): RoadNow[] {
  const segments = roads.filter(({ road }) => road.kind === "segment");
  const detectors = roads.filter(({ road, alone }) => road.kind === "detector" && alone);
  if (segments.some(isSpeaking)) return [...segments, ...detectors.filter(isSpeaking)];
  return detectors.some(isSpeaking) || segments.length === 0 ? detectors : segments;
}

/** Age of the freshest value shown, in seconds of the source's time, growing while the page waits; null without any value. */
export function freshestAgeS({ speeds }: Shown): number | null {
  const ages = speeds.age_s.filter((age) => age !== null);
  const since = (sourceNow() ?? Date.parse(speeds.now)) - Date.parse(speeds.now);
  return ages.length === 0 ? null : ages.reduce((a, b) => Math.min(a, b)) + Math.max(0, since / 1000);
}
