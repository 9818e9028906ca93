// Trips saved on this device and nowhere else; when the page opens, each is looked up and compared with its usual day here.
import { getJson } from "./api";
import { getElement, make } from "./dom";
import { JOURNEYS, type Answered, type Asked, type Journey, type Plan } from "./journeys_data";
import { page, say, word, type Text } from "./page_data";
import { calendarDay, clockTime } from "./time";

const SOON_MS = 3 * 3_600_000; // beyond, the prediction is the usual day's

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
    const saved = make("span", { class: "quiet", role: "status", tabindex: "-1" }, word("journeys.saved"));
    button.replaceWith(saved);
    saved.focus(); // who saved by keyboard goes on from here
    show(read());
  });
}

function same(one: Trip, other: Trip): boolean {
  const alike = (field: "start" | "end" | "when"): boolean => one.asked[field] === other.asked[field];
  return alike("start") && alike("end") && alike("when") && timeOf(one) === timeOf(other); // to work at eight and at nine are two
}

// The form sends its clock along where it is asked for now, too.
function timeOf({ asked }: Trip): string {
  return asked.when === "now" ? "" : asked.time;
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
  const remove = make("button", { type: "button", class: "icon-button trip-remove", "aria-label": word("journeys.remove", { trip: `${names} ${timeOf(trip)}`.trim() }) }, "×");
  remove.addEventListener("click", () => {
    write(read().filter((known) => !same(known, trip)));
    show(read());
  });
  void judge(trip, state);
  return make("li", { class: "trip" }, link, remove);
}

function addressOf(asked: Asked): string {
  return `/${page.language}/journeys?${queryOf(asked)}`;
}

function queryOf(asked: Asked): string {
  return new URLSearchParams({
    start: asked.start, end: asked.end, when: asked.when, ...(asked.time !== "" ? { time: asked.time } : {}),
    ...(asked.avoid_tolls ? { avoid_tolls: "true" } : {}), ...(asked.avoid_tunnels ? { avoid_tunnels: "true" } : {}),
    ...(asked.avoid_road !== "" ? { avoid_road: asked.avoid_road } : {}),
  }).toString();
}

// A trip is judged at its own time where that is soon, else as one that leaves now; the words say which.
async function judge({ asked }: Trip, state: HTMLElement): Promise<void> {
  try {
    const own = await planOf(asked);
    const journey = atItsTime(own);
    if (journey !== null) {
      tell(own, state, (what) => word(`journeys.trip_${asked.when}`, { time: clockTime(journey.depart_at), by: asked.time, what }));
    } else {
      const why = own.route === null ? "late" : "far";
      const now = await planOf({ ...asked, when: "now", time: "" });
      const time = isTomorrow(own, now) ? word("journeys.tomorrow", { time: asked.time }) : asked.time;
      tell(now, state, (what) => word(`journeys.trip_${why}`, { time, what }));
    }
  } catch {
    state.textContent = word("journeys.trip_unknown");
  }
}

async function planOf(asked: Asked): Promise<Plan> {
  return getJson<Plan>(`${JOURNEYS}/plan?${queryOf(asked)}`);
}

function atItsTime({ now, route }: Plan): Journey | null {
  const best = route?.journeys[0];
  return best !== undefined && Date.parse(best.depart_at) <= Date.parse(now) + SOON_MS ? best : null;
}

/** Whether a trip is of the day after the one on which it would leave now. */
function isTomorrow(own: Plan, now: Plan): boolean {
  const [then, leaving] = [own.route?.journeys[0]?.depart_at, now.route?.journeys[0]?.depart_at];
  return then !== undefined && leaving !== undefined && calendarDay(then) > calendarDay(leaving);
}

function tell({ route }: Plan, state: HTMLElement, leaving: (what: string) => string): void {
  const minutes = route?.journeys[0]?.duration_min;
  if (route === null || minutes === undefined) throw new Error("the trip has no way");
  const [n, usual] = [Math.round(minutes), route.usual_min];
  const slow = usual !== null && minutes - usual >= Math.max(SLOWER_MIN, SLOWER_SHARE * usual);
  const what = usual === null ? word("journeys.minutes", { n })
    : slow ? word("journeys.trip_slow", { n, usual: Math.round(usual) }) : word("journeys.trip_usual", { n });
  state.textContent = leaving(what);
  state.classList.toggle("is-slow", slow);
}
