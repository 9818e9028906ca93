// Announced incidents as a list; the map has their pins.
import type { Incident } from "./api";
import { getElement, make } from "./dom";
import { say, word } from "./page_data";
import { ageInWords, clockTime } from "./time";
import { select, setCount } from "./tabs";

export function showIncidentList(at: string, incidents: Incident[], goTo: (lon: number, lat: number) => void): void {
  const panel = getElement("panel-incidents", HTMLElement);
  setCount("incidents", incidents.filter((incident) => incident.status !== "closed").length);
  if (incidents.length === 0) {
    panel.replaceChildren(make("p", { class: "quiet" }, word("incidents.none")));
    return;
  }
  panel.replaceChildren(make("ol", { class: "incidents" }, ...incidents.map((incident) => entry(at, incident, goTo))));
}

export function openIncident(id: string): void {
  select("incidents");
  const entry_ = document.getElementById(`incident-${id}`);
  entry_?.scrollIntoView({ block: "nearest" });
  entry_?.focus();
}

function entry(at: string, incident: Incident, goTo: (lon: number, lat: number) => void): HTMLElement {
  const { lon, lat } = incident;
  const place = say(incident.place);
  const parts: Node[] = [
    make("p", { class: "incident-head" }, make("span", { class: `tag tag-${incident.status}` }, word(`incidents.status_${incident.status}`)), make("strong", {}, say(incident.heading))),
    make("p", {}, detailBeyond(incident)),
    make("p", { class: "quiet" }, [place === "" ? word("incidents.no_place") : place, clockTime(incident.announced_at), word("status.ago", { age: ageInWords(Math.max(0, (Date.parse(at) - Date.parse(incident.updated_at)) / 1000)) })].join(" · ")),
  ];
  if (lon !== null && lat !== null) {
    const button = make("button", { type: "button", class: "button" }, word("incidents.show"), make("span", { class: "unseen" }, `: ${say(incident.heading)}`));
    button.addEventListener("click", () => goTo(lon, lat));
    parts.push(button);
  }
  return make("li", { id: `incident-${incident.id}`, tabindex: "-1", "data-status": incident.status }, ...parts);
}

// A source without headings has its first sentence as one: it is not said twice.
function detailBeyond({ heading, detail }: Incident): string {
  const [head, whole] = [say(heading), say(detail)];
  return whole.startsWith(head) ? whole.slice(head.length).trim() : whole;
}
