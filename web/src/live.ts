// Pages that the server wrote keep themselves true: when a data set that they name changes, they are asked for again.
import { getElement } from "./dom";
import { openStream } from "./changes";

const CALM_MS = 1500; // several changes of one moment are one
const EVERY_MS = 60_000; // ages grow, and a feed that fell silent changes nothing
const LOST_AFTER_MS = 5000; // a stream that is back sooner was never away

/** Reload the part of the page marked data-live="data.set data.set" whenever one of them changes. */
export function startLive(): void {
  const part = document.querySelector<HTMLElement>("[data-live]");
  if (part === null) return;
  const datasets = new Set((part.dataset["live"] ?? "").split(" "));
  const stream = openStream();
  let waiting: number | undefined;
  let losing: number | undefined;
  const later = (): void => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => void refresh(later), CALM_MS);
  };
  stream.addEventListener("changed", (event) => {
    const changed = (JSON.parse((event as MessageEvent<string>).data) as { datasets: string[] }).datasets;
    if (changed.some((one) => datasets.has(one))) later();
  });
  stream.addEventListener("error", () => { losing ??= window.setTimeout(() => { say("lost"); }, LOST_AFTER_MS); });
  stream.addEventListener("open", () => {
    if (losing !== undefined) later(); // what changed meanwhile was not told
    window.clearTimeout(losing);
    losing = undefined;
  });
  const ageing = window.setInterval(() => { if (losing === undefined && !isInUse(getElement("main", HTMLElement))) later(); }, EVERY_MS);
  window.addEventListener("pagehide", () => { stream.close(); window.clearInterval(ageing); window.clearTimeout(losing); }, { once: true });
}

async function refresh(again: () => void): Promise<void> {
  const now = document.querySelector<HTMLElement>("[data-live]");
  if (now === null) return;
  if (isInUse(now)) { // whoever types here is not disturbed, and knows that they look at what was
    say("waits");
    return again();
  }
  const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
  if (answer === null || !answer.ok) return say("lost");
  const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
  if (next === null || isInUse(now)) return;
  const fresh = document.adoptNode(next);
  keepDrawn(now, fresh);
  now.replaceChildren(...fresh.childNodes);
  say(null);
  getElement("main", HTMLElement).dataset["refreshed"] = new Date().toISOString();
}

// What an island drew stays, with what the page says of it now.
function keepDrawn(now: HTMLElement, next: Element): void {
  for (const drawn of now.querySelectorAll<HTMLElement>("[data-keep]")) {
    const said = next.querySelector<HTMLElement>(`#${CSS.escape(drawn.id)}`);
    if (said === null) continue;
    for (const name of Object.keys(drawn.dataset)) if (!(name in said.dataset)) delete drawn.dataset[name];
    Object.assign(drawn.dataset, said.dataset);
    said.replaceWith(drawn);
    drawn.dispatchEvent(new Event("lionrock-kept"));
  }
}

// The page stands still, and why; null: it moves.
function say(why: "lost" | "waits" | null): void {
  const state = getElement("live-state", HTMLElement);
  const words = why === null ? "" : (state.dataset[why] ?? "");
  if (state.textContent !== words) state.textContent = words; // a live region: spoken only when it changes
}

function isInUse(part: HTMLElement): boolean {
  return part.contains(document.activeElement) || part.querySelector("details[open]") !== null || !(getSelection()?.isCollapsed ?? true);
}
