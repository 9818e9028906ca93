// The form: names found while one writes (the ARIA combobox), my position, from and to swapped.
import { announce } from "./announce";
import { getJson } from "./api";
import { getElement, make } from "./dom";
import { JOURNEYS, type Place, type Places } from "./journeys_data";
import { page, say, word } from "./page_data";

const TYPING_MS = 160;
const LOCATE_WITHIN_MS = 12_000;
const DIGITS = 5;
const LIVELY = ["start", "end"] as const;
export type End = (typeof LIVELY)[number];

export interface Ends {
  fill(end: End, words: string): void;
  complete(): boolean;
  address(): string;
  copy(from: Document): void;
}

export function startEnds(): Ends {
  const form = getElement("plan", HTMLFormElement);
  for (const end of LIVELY) startCombobox(field(end), getElement(`${end}-found`, HTMLUListElement));
  startHere();
  startSwap();
  return {
    fill: (end, words) => { field(end).value = words; },
    complete: () => LIVELY.every((end) => field(end).value.trim() !== ""),
    address: () => addressOf(form),
    copy: (from) => copyForm(form, from),
  };
}

function field(end: End): HTMLInputElement {
  return getElement(end, HTMLInputElement);
}

function addressOf(form: HTMLFormElement): string {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && value !== "") fields.set(name, value);
  return `${form.getAttribute("action") ?? ""}?${fields.toString()}`;
}

// What a link asked for (another departure) is what the form says from then on.
function copyForm(form: HTMLFormElement, from: Document): void {
  for (const theirs of from.querySelectorAll<HTMLInputElement>("#plan input")) {
    const named = [...form.querySelectorAll<HTMLInputElement>(`input[name="${theirs.name}"]`)];
    const ours = theirs.type === "radio" ? named.find((one) => one.value === theirs.value) : named[0];
    if (ours === undefined) continue;
    ours.value = theirs.value;
    ours.checked = theirs.checked;
  }
}

function startSwap(): void {
  const button = getElement("swap", HTMLButtonElement);
  button.hidden = false;
  button.addEventListener("click", () => {
    const [start, end] = [field("start"), field("end")];
    [start.value, end.value] = [end.value, start.value];
  });
}

function startHere(): void {
  const button = getElement("use-here", HTMLButtonElement);
  if (!("geolocation" in navigator)) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    announce(word("journeys.locating"));
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.removeAttribute("aria-busy");
        field("start").value = pointWords(word("journeys.here"), coords.longitude, coords.latitude);
        field("end").focus();
      },
      () => {
        button.removeAttribute("aria-busy");
        announce(word("journeys.no_position"));
        field("start").placeholder = word("journeys.no_position");
      },
      { timeout: LOCATE_WITHIN_MS, maximumAge: 60_000 },
    );
  });
}

/** A point as the form writes it and the server reads it: words with latitude and longitude behind. */
export function pointWords(words: string, lon: number, lat: number): string {
  return `${words} (${lat.toFixed(DIGITS)}, ${lon.toFixed(DIGITS)})`;
}

function startCombobox(input: HTMLInputElement, list: HTMLUListElement): void {
  let waiting: number | undefined;
  let asking: AbortController | null = null;
  let found: Place[] = [];
  let active = -1;
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": list.id })) input.setAttribute(name, value);

  const hide = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const pick = (place: Place) => {
    input.value = say(place.name);
    hide();
  };
  const choose = (number: number) => {
    active = number;
    [...list.children].forEach((child, place) => child.setAttribute("aria-selected", String(place === active)));
    list.children[active]?.scrollIntoView({ block: "nearest" });
    if (active < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `${list.id}-${active}`);
  };
  const ask = async () => {
    asking?.abort();
    const text = input.value.trim();
    if (text === "" || text.includes("(")) { hide(); return; }
    const mine = (asking = new AbortController());
    let names: Place[];
    try {
      names = (await getJson<Places>(`${JOURNEYS}/places?text=${encodeURIComponent(text.slice(0, 100))}`, mine.signal)).places;
    } catch {
      if (!mine.signal.aborted) hide(); // names are a help; the form is sent all the same
      return;
    }
    if (mine.signal.aborted || document.activeElement !== input) return;
    const chosen = found[active]; // of the list before: who chose it meanwhile keeps it
    found = names;
    announce(found.length === 0 ? word("search.none", { text }) : word("search.count", { n: found.length }));
    list.replaceChildren(...found.map((place, number) => {
      const option = make("li", { role: "option", id: `${list.id}-${number}`, "aria-selected": "false" }, make("span", {}, say(place.name)), make("span", { class: "quiet" }, otherName(place)));
      option.addEventListener("mousedown", (event) => { event.preventDefault(); pick(place); });
      return option;
    }));
    choose(chosen === undefined ? -1 : found.findIndex((place) => say(place.name) === say(chosen.name)));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => void ask(), TYPING_MS);
  });
  input.form?.addEventListener("submit", () => { // what was sent is answered; a late list of names would speak over it
    clearTimeout(waiting);
    asking?.abort();
    hide();
  });
  input.addEventListener("blur", () => setTimeout(hide, TYPING_MS));
  input.addEventListener("focus", () => input.select());
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { hide(); return; }
    if (list.hidden || found.length === 0) return;
    const one = found[active];
    if (event.key === "Enter" && one !== undefined) {
      event.preventDefault();
      pick(one);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose((active + (event.key === "ArrowDown" ? 1 : active < 0 ? 0 : -1) + found.length) % found.length);
    }
  });
}

// A second name tells one place from another, and helps who reads both.
function otherName({ name, kind }: Place): string {
  const other = page.language === "en" ? name.tc : name.en;
  const kindWord = kind === "point" ? "" : word(`journeys.kind_${kind}`);
  return [other === say(name) ? "" : other, kindWord].filter((part) => part !== "").join(" · ");
}
