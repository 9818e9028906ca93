// One road: its speed now, its day as a chart, its forecast as a table, and where the figures come from.
import { besideName } from "./alike";
import type uPlot from "uplot";
import { announce } from "./announce";
import { getJson, TRAFFIC, type Road } from "./api";
import { drawChart } from "./chart";
import { sourceNow } from "./clock";
import { getElement, make } from "./dom";
import { chooseRoad, currentView, onView } from "./moment";
import { paceOf, ratioOf } from "./pace";
import { attempt } from "./problem";
import { beside, page, say, sayDirection, word } from "./page_data";
import { raise } from "./sheet";
import { onTheme } from "./theme_choice";
import { currentShown, onShown } from "./traffic";
import { ageInWords, calendarDay, clockTime, isoSeconds } from "./time";
import { speedWords } from "./words_of_roads";

const DAY_MS = 86_400_000;
const wide = matchMedia("(min-width: 64rem)");

let chart: uPlot | null = null;
let road: Road | null = null;
let told: string | null = null; // the end of the day that the road's figures tell of; null for the past 24 hours
let opener: HTMLElement | null = null;

export function startRoadPanel(): void {
  const panel = getElement("road", HTMLElement);
  onView((view, changed) => {
    if (!changed.road) {
      if (changed.moment && road !== null && dayLookedAt() !== told) void attempt("road", refreshRoad);
      else if (changed.moment) redraw();
      return;
    }
    if (view.road === null) close(panel); else void open(panel, view.road);
  });
  onShown(() => { if (road !== null && dayLookedAt() !== told) void attempt("road", refreshRoad); }); // the source's time became known, or went on
  for (const place of [panel, getElement("map", HTMLElement)]) { // a second click on a road leaves the focus on the map
    place.addEventListener("keydown", (event) => { if (event.key === "Escape") chooseRoad(null); });
  }
  onTheme(() => redraw());
  window.addEventListener("resize", () => {
    const place = document.getElementById("road-chart");
    if (place !== null && chart !== null) chart.setSize({ width: place.clientWidth, height: chart.height });
  });
}

// The last 24 hours are told up to now, an older day to its end.
function dayLookedAt(): string | null {
  const { moment } = currentView();
  const now = sourceNow();
  if (!("at" in moment) || now === null || now - Date.parse(moment.at) <= DAY_MS) return null;
  return isoSeconds(Math.min(now, Date.parse(`${calendarDay(moment.at)}T00:00:00+08:00`) + DAY_MS));
}

/** Asks again for the road that is open; for when its data changed. */
export async function refreshRoad(): Promise<void> {
  const id = currentView().road;
  if (id !== null) await load(id);
}

async function open(panel: HTMLElement, id: string): Promise<void> {
  if (panel.hidden && document.activeElement instanceof HTMLElement && document.activeElement !== document.body) opener = document.activeElement;
  panel.hidden = false;
  getElement("lists", HTMLElement).hidden = true;
  road = null;
  panel.replaceChildren(closer(), make("h2", { id: "road-name" }, word("data.loading")));
  panel.focus({ preventScroll: true });
  getElement("side", HTMLElement).scrollTop = 0;
  raise(true);
  await attempt("road", () => load(id));
}

async function load(id: string): Promise<void> {
  const day = dayLookedAt();
  const loaded = await getJson<Road>(`${TRAFFIC}/roads/${encodeURIComponent(id)}${day === null ? "" : `?at=${encodeURIComponent(day)}`}`);
  if (currentView().road !== id) return;
  if (dayLookedAt() !== day) return load(id); // looked elsewhere meanwhile, or learned the source's time
  told = day;
  if (road === null) announce(word("road.selected", { name: say(loaded.name) || id }));
  road = loaded;
  redraw();
}

function close(panel: HTMLElement): void {
  chart?.destroy();
  chart = null;
  road = null;
  panel.hidden = true;
  getElement("lists", HTMLElement).hidden = false;
  raise(false);
  const back = opener;
  opener = null;
  if (back?.isConnected) back.focus(); else getElement("side", HTMLElement).focus();
}

function redraw(): void {
  const panel = getElement("road", HTMLElement);
  if (road === null || panel.hidden) return;
  const hadFocus = document.activeElement !== panel && panel.contains(document.activeElement);
  chart?.destroy();
  const place = make("div", { id: "road-chart", class: "road-chart", role: "img", "aria-label": word("road.chart"), "data-testid": "road-chart" });
  panel.replaceChildren(
    closer(),
    make("header", { class: "road-head" }, make("h2", { id: "road-name" }, say(road.name) || road.id), make("p", { class: "quiet" }, beside(sayDirection(road.direction), besideName(road.id)))),
    figures(road), ...openHere(road), ...notes(road), place, ...(told === null ? [forecastTable(road)] : []), provenance(road),
  );
  chart = road.past.length === 0 ? null : drawChart(place, road);
  if (hadFocus) panel.querySelector<HTMLButtonElement>(".road-close")?.focus();
}

function closer(): HTMLButtonElement {
  const button = make("button", { type: "button", class: "road-close", "data-testid": "road-close" }, make("span", { "aria-hidden": "true" }, "←"), ` ${word("road.close")}`);
  button.addEventListener("click", () => chooseRoad(null));
  return button;
}

function figures(shown: Road): HTMLElement {
  const { moment } = currentView();
  const until = "at" in moment ? Date.parse(moment.at) : Infinity;
  const last = shown.past.findLast(([at, speed, quality]) => speed !== null && quality === 0 && Date.parse(at) <= until);
  const speed = last?.[1] ?? null;
  const usual = last === undefined ? null : (shown.usual.findLast(([at]) => at <= last[0])?.[1] ?? null);
  const figure = (name: string, value: string, unit: string, pace = "") =>
    make("div", pace === "" ? {} : { "data-pace": pace }, make("dt", {}, name), make("dd", {}, make("strong", {}, value), ` ${unit}`));
  const stale = !("at" in moment) && shown.age_s !== null && shown.age_s > (currentShown()?.speeds.stale_after_s ?? Infinity);
  const pace = stale ? "unknown" : paceOf(ratioOf(speed, shown.free_flow_kmh));
  return make("dl", { class: "figures" },
    figure("at" in moment ? clockTime(moment.at) : word(stale ? "road.last" : "road.now"), speedWords(speed), `${word("roads.speed")} · ${word(`pace.${pace}`)}`, pace),
    figure(word(shown.free_flow_assumed ? "road.free_assumed" : "road.free"), speedWords(shown.free_flow_kmh), word("roads.speed")),
    ...(told === null || usual !== null ? [figure(word("road.usual"), speedWords(usual), word("roads.speed"))] : []),
    ...(told === null ? [figure(word("road.age"), shown.age_s === null ? "–" : ageInWords(shown.age_s), "")] : []),
  );
}

function notes(shown: Road): HTMLElement[] {
  const words = [shown.learning ? word("road.learning") : "", shown.straight ? word("road.straight") : "", shown.past.length === 0 ? word("road.silent") : ""];
  return words.filter((one) => one !== "").map((one) => make("p", { class: "notice" }, one));
}

function forecastTable(shown: Road): HTMLElement {
  const heads = ["road.at", "road.low", "road.middle", "road.high"].map((key) => make("th", { scope: "col", class: key === "road.at" ? "" : "number" }, word(key)));
  const rows = shown.forecast.map(([at, ...speeds]) => make("tr", {}, make("th", { scope: "row" }, clockTime(at)), ...speeds.map((speed) => make("td", { class: "number" }, speedWords(speed)))));
  const table = make("table", { "data-testid": "road-forecast" }, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows));
  return make("details", { class: "road-table", ...(wide.matches ? { open: "" } : {}) }, make("summary", {}, word("road.table")), table);
}

// Who may open an incident does it from the road that they look at.
function openHere(shown: Road): HTMLElement[] {
  if (page.may_open !== true || shown.kind === "detector") return []; // a detector's name is none of a road
  const fields = new URLSearchParams({ road: say(shown.name) });
  return [make("p", { class: "open-here" }, make("a", { class: "button", href: `/${page.language}/incidents#open&${fields.toString()}`, "data-testid": "open-here" }, word("incident.open_here")))];
}

function provenance(shown: Road): HTMLElement {
  const model = shown.model === null || shown.version === null ? "" : ` · ${word("road.model", { model: shown.model, version: shown.version })}`;
  return make("p", { class: "quiet provenance" }, `${shown.id}${model}`);
}
