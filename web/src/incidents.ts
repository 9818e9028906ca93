// Announced incidents as a list; the map has their pins.
import { OVER, type Incident, type Incidents } from "./api";
import { getElement, make } from "./dom";
import { page, say, word } from "./page_data";
import { agoInWords, clockTime } from "./time";
import { select, setCount } from "./tabs";

export function showIncidentList({ at, heard }: Incidents, incidents: Incident[], goTo: (lon: number, lat: number) => void): void {
  const panel = getElement("panel-incidents", HTMLElement);
  setCount("incidents", incidents.filter((incident) => !OVER.has(incident.state)).length);
  if (incidents.length === 0) {
    panel.replaceChildren(make("p", { class: "quiet" }, word(heard ? "incidents.none" : "incidents.unheard")));
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
  const { lon, lat, left } = incident;
  const place = say(incident.place);
  const facts = [place === "" ? word("incidents.no_place") : place, clockTime(incident.began), agoInWords((Date.parse(at) - Date.parse(incident.updated)) / 1000)];
  if (left !== null) facts.push(`${word("incident.likely_until")} ${clockTime(left.likely_over_at)}`);
  const whole = make("a", { href: `/${page.language}/incident?id=${encodeURIComponent(incident.id)}` }, say(incident.title));
  const parts: Node[] = [
    make("p", { class: "incident-head" }, make("span", { class: `tag tag-${incident.state}` }, word(`incident.state_${incident.state}`)), make("strong", {}, whole)),
    make("p", {}, detailBeyond(incident)),
    make("p", { class: "quiet" }, facts.join(" · ")),
  ];
  if (lon !== null && lat !== null) {
    const button = make("button", { type: "button", class: "button" }, word("incidents.show"), make("span", { class: "unseen" }, `: ${say(incident.title)}`));
    button.addEventListener("click", () => goTo(lon, lat));
    parts.push(button);
  }
  return make("li", { id: `incident-${incident.id}`, tabindex: "-1", "data-status": OVER.has(incident.state) ? "closed" : "open" }, ...parts);
}

// A source without headings has its first sentence as one: it is not said twice.
function detailBeyond({ title, detail }: Incident): string {
  const [head, whole] = [say(title), say(detail)];
  return whole.startsWith(head) ? whole.slice(head.length).trim() : whole;
}
