// The form: names found while one writes, my position, from and to swapped.
import { announce } from "./announce";
import { getJson } from "./api";
import { startCombobox } from "./combobox";
import { getElement } from "./dom";
import { JOURNEYS, type Place, type Places } from "./journeys_data";
import { beside, page, say, word } from "./page_data";

const MOST_LETTERS = 100;
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
  for (const end of LIVELY) startNames(end);
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

function startNames(end: End): void {
  const input = field(end);
  input.addEventListener("focus", () => input.select());
  startCombobox<Place>(input, getElement(`${end}-found`, HTMLUListElement), {
    find: async (text, signal) => {
      if (text.includes("(")) return null; // a point
      return (await getJson<Places>(`${JOURNEYS}/places?text=${encodeURIComponent(text.slice(0, MOST_LETTERS))}`, signal)).places;
    },
    words: (place) => [say(place.name), otherName(place)],
    pick: () => undefined,
    attempt: (look) => look().catch(() => undefined), // names are a help; the form is sent all the same
    enterPicksFirst: false,
  });
}

// A second name tells one place from another, and helps who reads both.
function otherName({ name, kind }: Place): string {
  const other = page.language === "en" ? name.tc : name.en;
  const kindWord = kind === "point" ? "" : word(`journeys.kind_${kind}`);
  return beside(other === say(name) ? "" : other, kindWord);
}
