// Where the reader stands (moment, road, part of the map) kept in the address, so that a reload, a
// shared link and the language switch all come back to the same place.
import type { TrafficMap } from "./map";
import { beginAnew, chooseMeasure, chooseRoad, currentView, DEPARTURES, lookAt, onView } from "./moment";
import { select } from "./tabs";
import { readMoment } from "./time";

/** Goes where the address says, if it says so: behind the # or, written by hand, behind the ?. */
export function comeBack(map: TrafficMap | null): void {
  const place = new URLSearchParams(location.hash.slice(1));
  const departure = Number(place.get("departure"));
  const at = readMoment((place.get("at") ?? new URLSearchParams(location.search).get("at") ?? "").replace(" ", "+"));
  const road = place.get("road");
  const [zoom, lat, lon] = (place.get("map") ?? "").split("/").map(Number);
  if (zoom !== undefined && lat !== undefined && lon !== undefined && zoom >= 0 && Math.abs(lat) <= 90 && Math.abs(lon) <= 180) map?.jumpTo(lon, lat, zoom); // NaN is none of these
  if (place.get("measure") === "volume") chooseMeasure("volume");
  if (at !== null) lookAt({ at });
  else if (DEPARTURES.some((known) => known === departure)) lookAt({ departure });
  if (road !== null) chooseRoad(road);
  if (place.get("list") === "car_parks") select("car_parks"); // the page of car parks leads here
}

/** The incident that the address names: it is shown, not kept. */
export function namedIncident(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get("incident");
}

/** Keeps the address true; another address typed or pasted over it goes there from where a fresh page would begin. */
export function startPlace(map: TrafficMap | null, showIncident: (id: string) => void): void {
  onView(() => write(map));
  map?.whenMoved(() => write(map));
  write(map); // the language links know the place from the start
  addEventListener("hashchange", () => {
    const asked = location.hash;
    if (asked !== "" && !asked.includes("=")) return; // a part of the page, as the link past the masthead names it
    const incident = namedIncident();
    map?.wholeCity();
    beginAnew();
    history.replaceState(history.state, "", asked || location.pathname);
    comeBack(map);
    if (incident !== null) showIncident(incident);
  });
}

function write(map: TrafficMap | null): void {
  const { moment, measure, road } = currentView();
  const place = new URLSearchParams();
  const where = map?.where();
  if (where !== undefined) place.set("map", where);
  if ("at" in moment) place.set("at", moment.at);
  else if (moment.departure > 0) place.set("departure", String(moment.departure));
  if (measure === "volume") place.set("measure", measure);
  if (road !== null) place.set("road", road);
  const hash = `#${place.toString().replaceAll("%2F", "/").replaceAll("%3A", ":")}`;
  history.replaceState(history.state, "", `${location.pathname}${hash}`);
  for (const link of document.querySelectorAll<HTMLAnchorElement>(".languages a")) link.hash = hash;
}
