// The roads as a table: the same as the map says, sorted as the reader likes.
import { besideName } from "./alike";
import { getElement, make } from "./dom";
import { chooseRoad, currentView, isAhead as isMomentAhead, onView } from "./moment";
import { beside, sayDirection, word } from "./page_data";
import { ageInWords } from "./time";
import { currentShown, forecastOf, onForecasts, onShown, roadsOf, type RoadNow } from "./traffic";
import { nameWords, ratioWords, speedWords } from "./words_of_roads";
import { setCount } from "./tabs";
import { figureWords } from "./volume";

const FIRST_ROWS = 60; // a long list is drawn on demand
const LEAD_MIN = 30;

interface Column { key: string; label: string; long: string; number: boolean; value: (road: RoadNow) => string | number | null; cell: (road: RoadNow) => string }

let ahead = new Map<string, RoadNow>();
let sorted = { key: "ratio", descending: false };
let measured = currentView().measure;
let all = false;

// The road half an hour ahead, while the page looks at now; at a later departure the likely range.
const NEXT: Column = {
  key: "forecast", label: "roads.forecast", long: "roads.forecast_long", number: true,
  value: (road) => (isAhead() ? road.lowKmh : aheadOf(road)),
  cell: (road) => (!isAhead() ? speedWords(aheadOf(road)) : road.lowKmh === null || road.highKmh === null ? "–" : `${speedWords(road.lowKmh)}–${speedWords(road.highKmh)}`),
};

const NAME: Column =
  { key: "name", label: "roads.name", long: "roads.name", number: false, value: (road) => `${nameWords(road)} ${road.road.direction}`, cell: nameWords };
const SPEED: Column =
  { key: "speed", label: "roads.speed", long: "roads.speed_long", number: true, value: (road) => road.speedKmh, cell: (road) => speedWords(road.speedKmh) };
const RATIO: Column =
  { key: "ratio", label: "roads.ratio", long: "legend.title", number: true, value: (road) => road.ratio, cell: (road) => ratioWords(road.ratio) };
const AGE: Column =
  { key: "age", label: "roads.age", long: "road.age", number: true, value: (road) => road.ageS, cell: (road) => (road.ageS === null ? "–" : ageInWords(road.ageS)) };
const VEHICLES: Column =
  { key: "volume", label: "roads.volume", long: "roads.volume_long", number: true, value: (road) => road.vehiclesPerH, cell: (road) => figureWords(road.vehiclesPerH) };

const COLUMNS = { speed: [NAME, SPEED, RATIO, NEXT, AGE], volume: [NAME, VEHICLES, SPEED, RATIO, AGE] };
const FIRST_SORTED = { speed: { key: "ratio", descending: false }, volume: { key: "volume", descending: true } };

function isAhead(): boolean {
  const moment = currentShown()?.moment;
  return moment !== undefined && isMomentAhead(moment);
}

function aheadOf(road: RoadNow): number | null {
  const moment = currentShown()?.moment;
  return moment === undefined || "at" in moment ? null : (ahead.get(road.id)?.speedKmh ?? null);
}

export function startRoadsTable(): void {
  const filter = getElement("roads-filter", HTMLInputElement);
  filter.addEventListener("input", draw);
  getElement("roads-more", HTMLButtonElement).addEventListener("click", () => {
    all = true;
    draw();
  });
  drawHead();
  onShown(({ measure }) => {
    if (measure !== measured) {
      measured = measure;
      sorted = { ...FIRST_SORTED[measure] };
      drawHead();
    }
    NEXT.label = isAhead() ? "roads.range" : "roads.forecast";
    NEXT.long = isAhead() ? "roads.range_long" : "roads.forecast_long";
    const label = getElement("roads-head", HTMLTableRowElement).querySelector<HTMLElement>('[data-key="forecast"] button');
    if (label !== null && label.textContent !== word(NEXT.label)) drawHead();
    draw();
  });
  onForecasts(() => {
    const speeds = forecastOf(LEAD_MIN);
    ahead = new Map(speeds === undefined ? [] : roadsOf(speeds).map((road) => [road.id, road]));
    draw();
  });
  onView((_, changed) => { if (changed.road) markChosen(); });
}

function drawHead(): void {
  getElement("roads-head", HTMLTableRowElement).replaceChildren(...COLUMNS[measured].map((column) => {
    const button = make("button", { type: "button", title: word(column.long) }, word(column.label));
    const cell = make("th", { scope: "col", class: column.number ? "number" : "", "data-key": column.key }, button);
    if (sorted.key === column.key) cell.setAttribute("aria-sort", sorted.descending ? "descending" : "ascending");
    button.addEventListener("click", () => {
      sorted = { key: column.key, descending: sorted.key === column.key ? !sorted.descending : false };
      drawHead();
      draw();
      getElement("roads-head", HTMLTableRowElement).querySelector<HTMLButtonElement>(`[data-key="${column.key}"] button`)?.focus();
    });
    return cell;
  }));
}

function draw(): void {
  const shown = currentShown();
  if (shown === null) return;
  const text = getElement("roads-filter", HTMLInputElement).value.trim().toLowerCase();
  // Only detectors count vehicles; a speed is told for segments and detectors.
  const matching = shown.roads.filter(({ id, road }) => (measured === "speed" || road.kind === "detector") && (text === "" || [id, road.name.en, road.name.tc, road.name.sc].some((words) => words.toLowerCase().includes(text))));
  const column = COLUMNS[measured].find(({ key }) => key === sorted.key);
  if (column !== undefined) matching.sort((a, b) => compare(column.value(a), column.value(b), sorted.descending));
  const rows = all ? matching : matching.slice(0, FIRST_ROWS);
  const body = getElement("roads-body", HTMLElement);
  const focused = document.activeElement instanceof HTMLElement && body.contains(document.activeElement) ? document.activeElement.dataset["road"] : undefined;
  body.replaceChildren(...rows.map(row));
  if (focused !== undefined) body.querySelector<HTMLElement>(`[data-road="${CSS.escape(focused)}"]`)?.focus();
  markChosen();
  setCount("roads", matching.length);
  getElement("roads-none", HTMLElement).hidden = matching.length > 0;
  const more = getElement("roads-more", HTMLButtonElement);
  more.hidden = rows.length === matching.length;
  more.textContent = word("roads.more", { n: matching.length });
}

function compare(a: string | number | null, b: string | number | null, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1; // unknown stays last either way
  const order = typeof a === "string" || typeof b === "string" ? String(a).localeCompare(String(b)) : a - b;
  return descending ? -order : order;
}

function row(road: RoadNow): HTMLTableRowElement {
  const pace = road.stale ? "unknown" : road.pace;
  const [mark, words] = measured === "volume" ? [{ "data-volume": road.volume }, word(`volume.${road.volume}`)] : [{ "data-pace": pace }, word(`pace.${pace}`)];
  const cells = COLUMNS[measured].map((column) => {
    if (column.key !== "name") return make("td", { class: "number" }, column.cell(road));
    const kind = road.road.kind === "detector" ? word("roads.kind_detector") : "";
    const button = make("button", { type: "button", class: "road-link", "data-road": road.id },
      make("span", { class: "swatch", "aria-hidden": "true" }), make("span", { class: "road-name" }, column.cell(road)), make("span", { class: "quiet" }, beside(sayDirection(road.road.direction), besideName(road.id), kind)), make("span", { class: "unseen" }, words));
    button.addEventListener("click", () => chooseRoad(road.id));
    return make("th", { scope: "row" }, button);
  });
  const element = make("tr", { ...mark, "data-id": road.id }, ...cells);
  if (road.stale) element.classList.add("is-stale");
  return element;
}

function markChosen(): void {
  const { road } = currentView();
  for (const element of document.querySelectorAll<HTMLElement>("#roads-body tr")) element.classList.toggle("is-chosen", element.dataset["id"] === road);
}
