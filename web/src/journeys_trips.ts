// Trips saved on this device and nowhere else; when the page opens, each is looked up and compared with its usual day here.
import { getJson } from "./api";
import { getElement, make } from "./dom";
import { JOURNEYS, type Answered, type Asked, type Departure, type Departures } from "./journeys_data";
import { page, say, word, type Text } from "./page_data";
import { clockTime } from "./time";

const KEY = "lionrock-trips";
const MOST = 6;
const SLOWER_MIN = 5; // so much longer than usual, and this share, is worth a warning
const SLOWER_SHARE = 0.2;

interface Trip { from: Text; to: Text; asked: Asked }

export function startTrips(): void {
  show(read());
}

/** The button that saves the answered trip, unless it is saved already. */
export function offerSaving(answer: Answered): void {
  const button = getElement("save", HTMLButtonElement);
  const trip: Trip = { from: answer.start.name, to: answer.end.name, asked: answer.asked };
  button.hidden = read().some((known) => same(known, trip));
  button.addEventListener("click", () => {
    write([trip, ...read().filter((known) => !same(known, trip))].slice(0, MOST));
    button.replaceWith(make("span", { class: "quiet", role: "status" }, word("journeys.saved")));
    show(read());
  });
}

function same(one: Trip, other: Trip): boolean {
  return one.asked.start === other.asked.start && one.asked.end === other.asked.end;
}

function read(): Trip[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? (kept as Trip[]).filter((trip) => typeof trip?.asked?.start === "string" && typeof trip.asked.end === "string" && trip.from && trip.to) : [];
  } catch {
    return []; // no storage here, or not ours
  }
}

function write(trips: Trip[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(trips));
  } catch {
    return; // a browser that keeps nothing keeps no trips
  }
}

function show(trips: Trip[]): void {
  const list = getElement("trips-list", HTMLUListElement);
  getElement("trips", HTMLElement).hidden = trips.length === 0;
  list.replaceChildren(...trips.map(row));
}

function row(trip: Trip): HTMLLIElement {
  const names = word("journeys.trip", { from: say(trip.from), to: say(trip.to) });
  const state = make("span", { class: "trip-state quiet" }, word("data.loading"));
  const link = make("a", { href: addressOf(trip.asked), "data-swap": "", class: "trip-link" }, make("span", { class: "trip-names" }, names), state);
  const remove = make("button", { type: "button", class: "icon-button trip-remove", "aria-label": word("journeys.remove", { trip: names }) }, "×");
  remove.addEventListener("click", () => {
    write(read().filter((known) => !same(known, trip)));
    show(read());
  });
  void judge(trip, state);
  return make("li", { class: "trip" }, link, remove);
}

function addressOf(asked: Asked): string {
  const fields = new URLSearchParams({ start: asked.start, end: asked.end, when: asked.when, ...queryOf(asked) });
  if (asked.time !== "") fields.set("time", asked.time);
  return `/${page.language}/journeys?${fields.toString()}`;
}

function queryOf(asked: Asked): Record<string, string> {
  return {
    ...(asked.avoid_tolls ? { avoid_tolls: "true" } : {}), ...(asked.avoid_tunnels ? { avoid_tunnels: "true" } : {}),
    ...(asked.avoid_road !== "" ? { avoid_road: asked.avoid_road } : {}),
  };
}

async function judge(trip: Trip, state: HTMLElement): Promise<void> {
  try {
    const fields = new URLSearchParams({ start: trip.asked.start, end: trip.asked.end, ...queryOf(trip.asked) });
    const { departures } = await getJson<Departures>(`${JOURNEYS}/departures?${fields.toString()}`);
    const one = atItsTime(trip.asked, departures);
    if (one !== undefined) tell(one, state);
  } catch {
    state.textContent = word("journeys.trip_unknown");
  }
}

// A trip that leaves at a time is judged at that time where it is within the hours compared, others now.
function atItsTime(asked: Asked, departures: Departure[]): Departure | undefined {
  const later = asked.when === "leave" ? departures.filter((one) => clockTime(one.depart_at) <= asked.time).at(-1) : undefined;
  return later ?? departures[0];
}

function tell({ duration_min: minutes, usual_min: usual }: Departure, state: HTMLElement): void {
  const n = Math.round(minutes);
  if (usual === null) {
    state.textContent = word("journeys.trip_now", { n });
    return;
  }
  const slow = minutes - usual >= Math.max(SLOWER_MIN, SLOWER_SHARE * usual);
  state.textContent = slow ? word("journeys.trip_slow", { n, usual: Math.round(usual) }) : word("journeys.trip_usual", { n });
  state.classList.toggle("is-slow", slow);
}
