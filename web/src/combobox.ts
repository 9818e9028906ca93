// The ARIA combobox: what is found while one writes, picked by mouse or by keys.
import { announce } from "./announce";
import { make } from "./dom";
import { word } from "./page_data";

const TYPING_MS = 180;

export interface Finder<T> {
  /** What ``text`` may mean; null where there is nothing to look for. */
  find(text: string, signal: AbortSignal): Promise<T[] | null>;
  /** Its name, and what tells it from another of that name. */
  words(one: T): [string, string];
  pick(one: T): void;
  /** Runs a look whose answer may fail. */
  attempt(look: () => Promise<void>): Promise<void>;
  /** Whether Enter means the first one where none was chosen; otherwise it sends what was written. */
  enterPicksFirst: boolean;
}

export function startCombobox<T>(input: HTMLInputElement, list: HTMLUListElement, finder: Finder<T>): void {
  let waiting: number | undefined;
  let asking: AbortController | null = null;
  let found: T[] = [];
  let active = -1;
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": list.id })) input.setAttribute(name, value);

  const show = (shown: boolean) => {
    list.hidden = !shown;
    input.setAttribute("aria-expanded", String(shown));
    if (!shown) choose(-1);
  };
  const choose = (number: number) => {
    active = number;
    const options = found.length === 0 ? [] : [...list.children];
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
    options[active]?.scrollIntoView({ block: "nearest" });
    if (active < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `${list.id}-${active}`);
  };
  const pick = (one: T) => {
    [input.value] = finder.words(one);
    show(false);
    finder.pick(one);
  };
  const optionOf = (one: T, number: number) => {
    const [name, more] = finder.words(one);
    const option = make("li", { role: "option", id: `${list.id}-${number}`, "aria-selected": "false" }, make("span", {}, name), make("span", { class: "quiet" }, more));
    option.addEventListener("mousedown", (event) => { event.preventDefault(); pick(one); });
    return option;
  };
  const look = async () => {
    asking?.abort();
    const text = input.value.trim();
    const mine = (asking = new AbortController());
    let answer: T[] | null;
    try {
      answer = text === "" ? null : await finder.find(text, mine.signal);
    } catch (failure) {
      if (mine.signal.aborted) return; // a newer question took its place
      show(false);
      throw failure;
    }
    if (mine.signal.aborted) return;
    if (answer === null || document.activeElement !== input) { show(false); return; }
    const chosen = found[active]; // of the list before: who chose it meanwhile keeps it
    found = answer;
    const told = found.length === 0 ? word("search.none", { text }) : word("search.count", { n: found.length });
    announce(told);
    list.replaceChildren(...found.map(optionOf));
    if (found.length === 0) list.append(make("li", { class: "quiet", role: "option", "aria-disabled": "true", "aria-selected": "false" }, told));
    choose(chosen === undefined ? -1 : found.findIndex((one) => finder.words(one)[0] === finder.words(chosen)[0]));
    show(true);
  };
  const leave = () => { // a late list of names would speak over what was sent
    clearTimeout(waiting);
    asking?.abort();
    show(false);
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => void finder.attempt(look), TYPING_MS);
  });
  input.form?.addEventListener("submit", leave);
  input.addEventListener("blur", () => setTimeout(() => show(false), TYPING_MS));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { show(false); return; }
    if (list.hidden || found.length === 0) return;
    if (event.key === "Enter") {
      const one = found[finder.enterPicksFirst ? Math.max(0, active) : active];
      if (one === undefined) return;
      event.preventDefault();
      pick(one);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose((active + (event.key === "ArrowDown" ? 1 : active < 0 ? 0 : -1) + found.length) % found.length);
    }
  });
}
