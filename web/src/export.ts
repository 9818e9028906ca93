// What is shown, to take away.
import { TRAFFIC } from "./api";
import { getElement, make } from "./dom";
import type { TrafficMap } from "./map";
import { currentView, isAhead, momentQuery, onView, type View } from "./moment";
import { themeColour } from "./pace";
import { page, word } from "./page_data";
import { currentShown } from "./traffic";

const STRIP_PX = 34;

export function startExport(map: TrafficMap | null): void {
  onView((view) => {
    for (const format of ["csv", "geojson"]) getElement(`export-${format}`, HTMLAnchorElement).href = addressOf(view, format);
  });
  const button = getElement("export-png", HTMLButtonElement);
  if (map === null) button.disabled = true;
  else button.addEventListener("click", () => void save(map));
}

// Volumes are measured, never forecast: ahead there are speeds alone.
function addressOf({ moment, measure }: View, format: string): string {
  if (measure === "speed" || isAhead(moment)) return `${TRAFFIC}/speeds.${format}?${momentQuery(moment)}`;
  return `${TRAFFIC}/volumes.${format}${"at" in moment ? `?${momentQuery(moment)}` : ""}`;
}

async function save(map: TrafficMap): Promise<void> {
  const url = URL.createObjectURL(await captioned(map.picture()));
  const stamp = (currentShown()?.speeds.at ?? "").replaceAll(":", "");
  make("a", { href: url, download: `lionrock${page.simulated ? "-simulated" : ""}-${stamp}.png` }).click();
  URL.revokeObjectURL(url);
}

// The picture never leaves without its moment, its source and the coastline's attribution.
async function captioned(map: HTMLCanvasElement): Promise<Blob> {
  const scale = map.width / map.clientWidth;
  const canvas = make("canvas");
  canvas.width = map.width;
  canvas.height = map.height + STRIP_PX * scale;
  const pen = canvas.getContext("2d");
  if (pen === null) throw new Error("this browser draws no canvas");
  pen.fillStyle = themeColour("surface");
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(map, 0, 0);
  pen.font = `${12 * scale}px system-ui, sans-serif`;
  pen.fillStyle = themeColour("text");
  const source = page.simulated ? word("source.simulated_long") : page.source === "recording" ? word("source.recording_long") : "";
  const moment = `${getElement("moment-time", HTMLElement).textContent} · ${getElement("moment-age", HTMLElement).textContent}`;
  const measure = word(currentView().measure === "volume" ? "volume.title" : "legend.title");
  const caption = ["Lionrock", moment, measure, source, word("map.coastline"), page.tiles?.attribution ?? ""].filter((part) => part !== "").join("  |  ");
  pen.fillText(caption, 12 * scale, map.height + 21 * scale, canvas.width - 24 * scale);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (blob === null) throw new Error("the browser gave no picture");
  return blob;
}
