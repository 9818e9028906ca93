// What the server answers of journeys, as far as the islands read it.
import type { Text } from "./page_data";

export interface Door { name: Text; lon: number; lat: number; access_m: number }
export interface Leg { speed_kmh: number; limit_kmh: number | null; coordinates: [number, number][] }
export interface Journey { via: Text; depart_at: string; duration_min: number; low_min: number; high_min: number; legs: Leg[] }
export interface Asked { start: string; end: string; when: "now" | "leave" | "arrive"; time: string; avoid_tolls: boolean; avoid_tunnels: boolean; avoid_road: string }
export interface Answered { start: Door; end: Door; journeys: Journey[]; asked: Asked }
export interface Plan {
  now: string;
  route: { journeys: Journey[]; usual_min: number | null } | null;
}
export interface Place { name: Text; kind: "place" | "road" | "car_park" | "point"; lon: number; lat: number }
export interface Places { places: Place[] }

export const JOURNEYS = "/api/v1/journeys";

/** The answer that stands in the page, if there is one. */
export function answered(): Answered | null {
  const data = document.getElementById("journey-data");
  return data === null ? null : (JSON.parse(data.textContent) as Answered);
}
