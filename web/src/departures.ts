// Now and +15 ... +90: a radio group whose bars make the ridge of the next ninety minutes.
import { getElement } from "./dom";
import { DEPARTURES, lookAt, onView } from "./moment";
import type { Pace } from "./pace";
import { counted, forecastOf, onForecasts, onShown, roadsOf } from "./traffic";
import { word } from "./page_data";

const BELOW_FREE: readonly Pace[] = ["jammed", "slow", "heavy", "steady"];
const TALLEST_PX = 26;

export function startDepartures(): void {
  const group = getElement("departures", HTMLFieldSetElement);
  group.title = word("departure.ridge");
  group.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement) lookAt({ departure: Number(event.target.value) });
  });
  onView(({ moment }) => {
    for (const radio of group.querySelectorAll<HTMLInputElement>("input")) {
      radio.checked = "departure" in moment && Number(radio.value) === moment.departure;
    }
  });
  onForecasts(drawRidge);
  onShown(({ moment }) => { if ("departure" in moment) drawRidge(); });
}

// Each bar's height is the share of roads that do not run free, its parts their paces.
function drawRidge(): void {
  const shares = DEPARTURES.map((departure) => sharesAt(departure));
  const tallest = Math.max(0.4, ...shares.map((share) => (share === null ? 0 : sum(share))));
  DEPARTURES.forEach((departure, i) => {
    const bar = document.querySelector<HTMLElement>(`.departure-ridge[data-departure="${departure}"]`);
    const share = shares[i];
    if (bar === null || share === null || share === undefined) return;
    bar.replaceChildren(...share.map((part, p) => {
      const block = document.createElement("span");
      block.dataset["pace"] = BELOW_FREE[p] ?? "unknown";
      block.style.height = `${Math.round((TALLEST_PX * part) / tallest)}px`;
      return block;
    }));
  });
}

function sharesAt(departure: number): number[] | null {
  const speeds = forecastOf(departure);
  if (speeds === undefined) return null;
  const known = counted(roadsOf(speeds)).filter((road) => road.pace !== "unknown");
  return known.length === 0 ? null : BELOW_FREE.map((pace) => known.filter((road) => road.pace === pace).length / known.length);
}

function sum(parts: number[]): number {
  return parts.reduce((total, part) => total + part, 0);
}
