// The console's data, as the server's contract has it. The browser's own cache sends the ETags.
import type { FeatureCollection, LineString, Point } from "geojson";
import type { Text } from "./page_data";

export interface RoadProperties {
  name: Text;
  direction: string;
  free_flow_kmh: number | null;
  free_flow_assumed: boolean;
  kind: "segment" | "detector";
  straight: boolean;
}
export type Network = FeatureCollection<LineString | Point, RoadProperties>;

export interface Speeds {
  source: string;
  simulated: boolean;
  now: string;
  at: string | null;
  issued_at: string | null;
  departure_min: number;
  state: "ready" | "learning" | "no data";
  reason: Text | null;
  usual_days: number;
  ids: string[];
  speed_kmh: (number | null)[];
  low_kmh: (number | null)[] | null;
  high_kmh: (number | null)[] | null;
  age_s: (number | null)[];
  stale_after_s: number;
}

export interface DetectorVolumes { at: string; vehicles: number | null; ids: string[]; vehicles_per_h: (number | null)[] }
export interface Volumes { detectors: DetectorVolumes | null }

export interface Days { now: string; days: string[] }

export interface Road {
  id: string;
  name: Text;
  direction: string;
  free_flow_kmh: number | null;
  free_flow_assumed: boolean;
  kind: "segment" | "detector";
  straight: boolean;
  age_s: number | null;
  past: [string, number | null, number][];
  forecast: [string, number, number, number][];
  usual: [string, number | null][];
  model: string | null;
  version: string | null;
  learning: boolean;
}

export type IncidentState = "reported" | "confirmed" | "cleared" | "closed" | "merged";
export interface Incident {
  id: string;
  state: IncidentState;
  kind: string;
  title: Text;
  detail: Text;
  place: Text;
  lon: number | null;
  lat: number | null;
  began: string;
  updated: string;
  left: { likely_over_at: string } | null;
}
export const OVER: ReadonlySet<IncidentState> = new Set<IncidentState>(["cleared", "closed", "merged"]);
export interface Incidents { at: string; incidents: Incident[]; heard: boolean }

export interface Warning { id: string; event: string; code: string; severity: string; headline: Text; onset: string; expires: string | null }
export interface Station { id: string; name: Text; lon: number; lat: number; temperature_c: number | null; wind_kmh: number | null; gust_kmh: number | null; wind_from: string | null }
export interface Weather {
  warnings: Warning[];
  warnings_known: boolean;
  stations: Station[];
  rain: { issued_at: string | null; cell_deg: [number, number]; cells: [number, number, number][] };
}

export interface CarPark { id: string; name: Text; address: Text; lon: number | null; lat: number | null; vacancy: number | null; has_vacancy: boolean | null; at: string | null; age_s: number | null }
export interface CarParks { car_parks: CarPark[] }

export interface Found { id: string; name: Text; kind: string; lon: number | null; lat: number | null }
export interface Search { results: Found[] }

/** What the server answered when it could not: RFC 9457 problem details. */
export class Problem extends Error {
  constructor(readonly status: number, title: string) {
    super(title);
  }
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const reply = await fetch(path, { cache: "no-cache", headers: { Accept: "application/json", "Accept-Language": document.documentElement.lang }, ...(signal ? { signal } : {}) });
  if (!reply.ok) throw new Problem(reply.status, await titleOf(reply));
  return (await reply.json()) as T;
}

async function titleOf(reply: Response): Promise<string> {
  if (!(reply.headers.get("Content-Type") ?? "").includes("json")) return `HTTP ${reply.status}`;
  const problem = (await reply.json()) as { title?: string; detail?: string };
  return problem.detail ?? problem.title ?? `HTTP ${reply.status}`;
}

export const TRAFFIC = "/api/v1/traffic";
