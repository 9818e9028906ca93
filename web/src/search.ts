// Find a road or place: the ARIA combobox with a list of what the server found.
import { announce } from "./announce";
import { getJson, TRAFFIC, type Found, type Search } from "./api";
import { getElement, make } from "./dom";
import { chooseRoad } from "./moment";
import { say, sayDirection, word } from "./page_data";
import { findPlaces } from "./places";
import { attempt } from "./problem";
import { currentShown } from "./traffic";

const TYPING_MS = 180;

let waiting: number | undefined;
let asking: AbortController | null = null;
let found: Found[] = [];
let active = -1;

export function startSearch(goTo: (lon: number, lat: number) => void): void {
  const input = getElement("search", HTMLInputElement);
  const list = getElement("search-results", HTMLUListElement);
  const pick = (one: Found) => {
    hide(input, list);
    input.value = say(one.name);
    if (one.lon !== null && one.lat !== null) goTo(one.lon, one.lat);
    if (currentShown()?.roads.some((road) => road.id === one.id)) chooseRoad(one.id);
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => void attempt("search", () => ask(input, list, pick)), TYPING_MS);
  });
  input.addEventListener("keydown", (event) => key(event, input, list, pick));
  input.addEventListener("blur", () => setTimeout(() => hide(input, list), TYPING_MS));
}

async function ask(input: HTMLInputElement, list: HTMLUListElement, pick: (one: Found) => void): Promise<void> {
  asking?.abort();
  const text = input.value.trim();
  if (text === "") { hide(input, list); return; }
  const mine = (asking = new AbortController());
  try {
    const roads = getJson<Search>(`${TRAFFIC}/search?text=${encodeURIComponent(text)}`, mine.signal);
    const [places, named] = await Promise.all([findPlaces(text), roads]);
    found = [...places, ...named.results];
  } catch (failure) {
    if (mine.signal.aborted) return; // a newer question took its place
    throw failure;
  }
  active = -1;
  announce(found.length === 0 ? word("search.none", { text }) : word("search.count", { n: found.length }));
  list.replaceChildren(...found.map((one, place) => option(one, place, pick)));
  if (found.length === 0) list.append(make("li", { class: "quiet", role: "option", "aria-disabled": "true", "aria-selected": "false" }, word("search.none", { text })));
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
}

function option(one: Found, place: number, pick: (one: Found) => void): HTMLLIElement {
  const element = make("li", { role: "option", id: `found-${place}`, "aria-selected": "false" }, make("span", {}, say(one.name)), make("span", { class: "quiet" }, kindWords(one)));
  element.addEventListener("mousedown", (event) => {
    event.preventDefault();
    pick(one);
  });
  return element;
}

// Two carriageways share a name: the direction tells them apart.
function kindWords({ id, kind }: Found): string {
  if (kind === "place") return word("search.place");
  const road = currentShown()?.roads.find((one) => one.id === id)?.road;
  if (road === undefined) return kind;
  return kind === "detector" ? `${sayDirection(road.direction)} · ${word("roads.kind_detector")}` : sayDirection(road.direction);
}

function key(event: KeyboardEvent, input: HTMLInputElement, list: HTMLUListElement, pick: (one: Found) => void): void {
  if (event.key === "Escape") { hide(input, list); return; }
  if (list.hidden || found.length === 0) return;
  if (event.key === "Enter") {
    event.preventDefault();
    const one = found[Math.max(0, active)];
    if (one !== undefined) pick(one);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    active = (active + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length;
    [...list.children].forEach((child, place) => child.setAttribute("aria-selected", String(place === active)));
    list.children[active]?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", `found-${active}`);
  }
}

function hide(input: HTMLInputElement, list: HTMLUListElement): void {
  list.hidden = true;
  active = -1;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}
