// Pages that the server wrote keep themselves true: when a data set that they name changes, they are asked for again.
import { getElement } from "./dom";

const CALM_MS = 1500; // several changes of one moment are one

/** Reload the part of the page marked data-live="data.set data.set" whenever one of them changes. */
export function startLive(): void {
  const part = document.querySelector<HTMLElement>("[data-live]");
  if (part === null) return;
  const datasets = new Set((part.dataset["live"] ?? "").split(" "));
  const stream = new EventSource("/api/v1/stream");
  let waiting: number | undefined;
  const later = (): void => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => void refresh(later), CALM_MS);
  };
  stream.addEventListener("changed", (event) => {
    const changed = (JSON.parse((event as MessageEvent<string>).data) as { datasets: string[] }).datasets;
    if (changed.some((one) => datasets.has(one))) later();
  });
  window.addEventListener("pagehide", () => stream.close(), { once: true });
}

async function refresh(again: () => void): Promise<void> {
  const now = document.querySelector<HTMLElement>("[data-live]");
  if (now === null) return;
  if (isInUse(now)) return again(); // whoever types here is not disturbed
  const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
  if (answer === null || !answer.ok) return;
  const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
  if (next === null || isInUse(now)) return;
  now.replaceChildren(...document.adoptNode(next).childNodes);
  getElement("main", HTMLElement).dataset["refreshed"] = new Date().toISOString();
}

function isInUse(part: HTMLElement): boolean {
  return part.contains(document.activeElement) || part.querySelector("details[open]") !== null || !(getSelection()?.isCollapsed ?? true);
}
