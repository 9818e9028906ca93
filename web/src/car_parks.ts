// Car parks and their free places, as a table.
import type { CarPark } from "./api";
import { getElement, make } from "./dom";
import { say, word } from "./page_data";
import { ageInWords } from "./time";

export function showCarParkList(carParks: CarPark[], goTo: (lon: number, lat: number) => void): void {
  const panel = getElement("panel-car_parks", HTMLElement);
  if (carParks.length === 0) {
    panel.replaceChildren(make("p", { class: "quiet" }, word("parks.none")));
    return;
  }
  const head = make("tr", {}, make("th", { scope: "col" }, word("parks.name")), make("th", { scope: "col", class: "number" }, word("parks.vacancy")), make("th", { scope: "col", class: "number" }, word("roads.age")));
  const byName = [...carParks].sort((a, b) => say(a.name).localeCompare(say(b.name)));
  panel.replaceChildren(make("table", {}, make("thead", {}, head), make("tbody", {}, ...byName.map((park) => row(park, goTo)))));
}

function row(park: CarPark, goTo: (lon: number, lat: number) => void): HTMLTableRowElement {
  return make("tr", {}, make("th", { scope: "row" }, nameCell(park, goTo)),
    make("td", { class: "number" }, vacancyWords(park)),
    make("td", { class: "number" }, park.age_s === null ? "–" : ageInWords(park.age_s)));
}

// The way to its place on the map, where it has one.
function nameCell({ name, address, lon, lat }: CarPark, goTo: (lon: number, lat: number) => void): HTMLElement {
  const words = [make("span", { class: "road-name" }, say(name)), make("span", { class: "quiet" }, say(address))];
  if (lon === null || lat === null) return make("span", { class: "road-link" }, ...words);
  const button = make("button", { type: "button", class: "road-link" }, ...words);
  button.addEventListener("click", () => goTo(lon, lat));
  return button;
}

// Some car parks count their places, others only say whether there is one.
export function vacancyWords({ vacancy, has_vacancy: any }: CarPark): string {
  if (vacancy !== null) return String(vacancy);
  return any === null ? word("parks.unknown") : word(any ? "parks.some" : "parks.full");
}
