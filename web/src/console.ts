// The console: each part started once, then kept true by the stream of changes.
import { tellApart } from "./alike";
import { getJson, TRAFFIC, type CarParks, type Incidents, type Speeds, type Weather } from "./api";
import { showCarParkList } from "./car_parks";
import { startDepartures } from "./departures";
import { getElement, make } from "./dom";
import { startExport } from "./export";
import { openIncident, showIncidentList } from "./incidents";
import { startLayers } from "./layers";
import { showStraightNote, startLegend } from "./legend";
import { TrafficMap } from "./map";
import { startMeasure } from "./measure";
import { beginAt, currentView, lookAt, momentQuery, onView, type View } from "./moment";
import { startMomentWords } from "./moment_words";
import { page } from "./page_data";
import { loadDays, startPast } from "./past";
import { comeBack, namedIncident, startPlace } from "./place";
import { attempt, startProblem } from "./problem";
import { startPulse } from "./pulse";
import { refreshRoad, startRoadPanel } from "./road_panel";
import { startRoadsTable } from "./roads_table";
import { startSearch } from "./search";
import { startSheet } from "./sheet";
import { startSilent } from "./silent";
import { startStream } from "./stream";
import { startTabs } from "./tabs";
import { isoSeconds } from "./time";
import { loadForecasts, loadNetwork, loadShown } from "./traffic";
import { showWeatherList } from "./weather";

const SETTLE_MS = 400; // changes come in bursts: one round of questions answers them all

function startMap(): TrafficMap | null {
  try {
    return new TrafficMap(getElement("map", HTMLElement));
  } catch (failure) {
    console.warn("no map:", failure);
    getElement("map-failed", HTMLElement).hidden = false;
    return null;
  }
}

const map = startMap();
const goTo = (lon: number, lat: number) => map?.goTo(lon, lat);

const timeAsked = ({ moment }: View) => ("at" in moment ? momentQuery(moment) : "");

async function loadIncidents(): Promise<void> {
  const asked = timeAsked(currentView());
  const told = await getJson<Incidents>(`/api/v1/incidents?${asked || "state=all&hours=1"}`);
  if (timeAsked(currentView()) !== asked) return; // a slower, older answer
  const shown = told.incidents.filter((incident) => incident.state !== "merged");
  map?.showIncidents(shown);
  showIncidentList(told, shown, goTo);
}

async function loadWeather(): Promise<void> {
  const asked = timeAsked(currentView());
  const weather = await getJson<Weather>(`/api/v1/weather/now?${asked}`);
  if (timeAsked(currentView()) !== asked) return;
  map?.showWeather(weather);
  showWeatherList(weather);
}

async function loadCarParks(): Promise<void> {
  const asked = timeAsked(currentView());
  const { car_parks: carParks } = await getJson<CarParks>(`/api/v1/parking/vacancy?${asked}`);
  if (timeAsked(currentView()) !== asked) return;
  map?.showCarParks(carParks);
  showCarParkList(carParks, goTo);
}

async function loadRoads(): Promise<void> {
  const network = await loadNetwork();
  await tellApart(network);
  map?.showNetwork(network);
  showStraightNote(network);
}

function refresh(datasets: string[]): void {
  const touches = (subject: string) => datasets.length === 0 || datasets.some((id) => id.startsWith(`${subject}.`));
  if (touches("incidents")) void attempt("incidents", loadIncidents);
  if (touches("traffic")) {
    void attempt("speeds", loadShown);
    void attempt("forecasts", loadForecasts);
    void attempt("road", refreshRoad);
  }
  if (touches("weather")) void attempt("weather", loadWeather);
  if (touches("parking")) void attempt("car parks", loadCarParks);
}

function startRefreshing(): void {
  const pending = new Set<string>();
  let all = false;
  let waiting: number | undefined;
  startStream((datasets) => {
    all ||= datasets.length === 0;
    for (const id of datasets) pending.add(id);
    waiting ??= window.setTimeout(() => {
      waiting = undefined;
      refresh(all ? [] : [...pending]);
      pending.clear();
      all = false;
    }, SETTLE_MS);
  });
}

function startControls(): void {
  startLegend(); startMeasure(); startTabs(); startSheet(); startProblem(); startPast(); startDepartures(); startMomentWords(); startPulse(); startRoadsTable(); startRoadPanel();
  startSearch(goTo); startExport(map); startSilent();
  if (map !== null) startLayers(map);
  map?.whenIncidentClicked(openIncident);
  getElement("zoom-in", HTMLButtonElement).addEventListener("click", () => map?.zoom(1));
  getElement("zoom-out", HTMLButtonElement).addEventListener("click", () => map?.zoom(-1));
  getElement("whole-city", HTMLButtonElement).addEventListener("click", () => map?.wholeCity());
  if (page.tiles !== null) {
    const logo = page.tiles.logo === null ? [] : [make("img", { src: page.tiles.logo, alt: "" })];
    getElement("credits", HTMLElement).append(make("span", { class: "tiles-credit" }, ...logo, page.tiles.attribution));
  }
}

// A recording's clock may stand long after the roads were measured: then the map opens at their last moment.
async function openRecording(): Promise<void> {
  if (page.source !== "recording") return;
  const { state, at } = await getJson<Speeds>(`${TRAFFIC}/speeds?departure=0`);
  if (state !== "no data" || at === null) return;
  const last = { at: isoSeconds(Date.parse(at)) };
  beginAt(last);
  if ("departure" in currentView().moment) lookAt(last);
}

async function start(): Promise<void> {
  startControls();
  onView((_, changed) => {
    if (changed.moment || changed.measure) void attempt("speeds", loadShown);
    if (!changed.moment) return;
    void attempt("incidents", loadIncidents);
    void attempt("weather", loadWeather);
    void attempt("car parks", loadCarParks);
  });
  comeBack(map);
  const named = namedIncident(); // before the address is written anew
  startPlace(map, openIncident);
  void attempt("days", loadDays);
  await attempt("network", async () => { await loadRoads(); await loadShown(); });
  await attempt("recording", openRecording);
  startRefreshing();
  void attempt("incidents", loadIncidents).then(() => { if (named !== null) openIncident(named); });
  void attempt("weather", loadWeather);
  void attempt("car parks", loadCarParks);
  await attempt("forecasts", loadForecasts);
}

void start();
