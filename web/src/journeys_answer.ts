// A plan without leaving the page: the server's own page is asked for, and its answer put in the place of the old one.
import { announce } from "./announce";
import { getElement } from "./dom";
import { answered } from "./journeys_data";
import type { Ends } from "./journeys_ends";
import type { JourneyMap } from "./journeys_map";
import { offerSaving } from "./journeys_trips";
import { say, word } from "./page_data";

let ends: Ends | null = null;
let map: JourneyMap | null = null;
let latest = 0;

export function startAnswer(form: Ends, drawn: JourneyMap | null): void {
  [ends, map] = [form, drawn];
  getElement("plan", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    void takePlan(form.address());
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-swap]") : null;
    const href = link?.getAttribute("href");
    if (!href || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void takePlan(href);
  });
  window.addEventListener("popstate", () => void takePlan(location.href, false));
  keepLanguages();
}

/** Asks for the page at ``address`` and shows its answer; where that fails the browser goes there itself. */
export async function takePlan(address: string, remember = true): Promise<void> {
  const mine = ++latest;
  const old = getElement("answer", HTMLElement);
  old.setAttribute("aria-busy", "true");
  announce(word("journeys.planning"));
  let fresh: Document;
  try {
    const reply = await fetch(address, { headers: { Accept: "text/html" }, cache: "no-cache" });
    if (!reply.ok) throw new TypeError(`HTTP ${reply.status}`);
    fresh = new DOMParser().parseFromString(await reply.text(), "text/html"); // our own page: its templates escape all data
  } catch {
    location.assign(address);
    return;
  }
  if (mine !== latest) return;
  const answer = fresh.getElementById("answer");
  if (answer === null) { location.assign(address); return; }
  if (remember) history.pushState(null, "", address);
  ends?.copy(fresh);
  old.replaceWith(document.adoptNode(answer));
  keepLanguages();
  showAnswer(map);
  speak();
  if (remember) answer.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

/** Brings the answer that stands in the page to life: its ways on the map, its button to save. */
export function showAnswer(drawn: JourneyMap | null): void {
  const answer = answered();
  drawn?.show(answer);
  if (answer !== null) offerSaving(answer);
  const rows = [...document.querySelectorAll<HTMLElement>(".way")];
  for (const [place, row] of rows.entries()) {
    const button = row.querySelector<HTMLButtonElement>(".way-show");
    if (button === null || drawn === null) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      for (const other of rows) {
        other.toggleAttribute("data-chosen", other === row);
        other.querySelector(".way-show")?.setAttribute("aria-pressed", String(other === row));
      }
      drawn.choose(place);
    });
  }
}

function speak(): void {
  const best = answered()?.journeys[0];
  const problem = document.getElementById("problem")?.textContent ?? "";
  const whole = (minutes: number) => Math.round(minutes);
  announce(best === undefined ? problem : word("journeys.planned", { n: whole(best.duration_min), low: Math.floor(best.low_min), high: Math.ceil(best.high_min), roads: say(best.via) }));
}

// The other languages show the same trip.
function keepLanguages(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>(".languages a")) link.search = location.search;
}
