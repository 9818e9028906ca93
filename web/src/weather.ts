// Warnings in force as a strip, weather as a list.
import type { Warning, Weather } from "./api";
import { getElement, make } from "./dom";
import { say, sayWind, word } from "./page_data";
import { clockTime } from "./time";
import { setCount } from "./tabs";

export function showWeatherList(weather: Weather): void {
  strip(weather.warnings);
  setCount("weather", weather.warnings.length);
  getElement("panel-weather", HTMLElement).replaceChildren(...warningsPart(weather), ...rainPart(weather), ...stationsPart(weather));
}

function strip(warnings: Warning[]): void {
  const element = getElement("warnings", HTMLElement);
  element.hidden = warnings.length === 0;
  element.replaceChildren(...warnings.map((warning) => make("p", { class: "warning", "data-severity": warning.severity },
    make("span", { class: "warning-code" }, warning.code), make("strong", {}, say(warning.headline)), make("span", {}, word("weather.since", { time: clockTime(warning.onset) })))));
}

function warningsPart({ warnings, warnings_known: known }: Weather): Node[] {
  const none = known ? "weather.no_warnings" : "weather.unheard";
  const list = warnings.map((warning) => make("li", { "data-severity": warning.severity }, make("strong", {}, say(warning.headline)), ` · ${word("weather.since", { time: clockTime(warning.onset) })}`));
  return [make("h2", {}, word("weather.warnings")), list.length === 0 ? make("p", { class: "quiet" }, word(none)) : make("ul", { class: "warning-list" }, ...list)];
}

function rainPart({ rain }: Weather): Node[] {
  const heaviest = Math.max(0, ...rain.cells.map(([, , mm]) => mm));
  const words = rain.issued_at === null ? word("data.none") : rain.cells.length === 0 ? word("weather.dry") : word("weather.raining", { n: rain.cells.length, mm: Math.round(10 * heaviest) / 10 });
  const issued = rain.issued_at === null ? "" : ` · ${word("data.issued", { time: clockTime(rain.issued_at) })}`;
  return [make("h2", {}, word("weather.rain")), make("p", {}, `${words}${issued}`)];
}

function stationsPart({ stations }: Weather): Node[] {
  const heads = ["weather.station", "weather.temperature", "weather.wind", "weather.gust", "weather.from"];
  const figure = (value: number | null) => make("td", { class: "number" }, value === null ? "–" : String(Math.round(value)));
  const rows = stations.map((station) => make("tr", {}, make("th", { scope: "row" }, say(station.name)), figure(station.temperature_c), figure(station.wind_kmh), figure(station.gust_kmh), make("td", {}, station.wind_from === null ? "–" : sayWind(station.wind_from))));
  const head = make("tr", {}, ...heads.map((key, place) => make("th", { scope: "col", class: place > 0 && place < 4 ? "number" : "" }, word(key))));
  return stations.length === 0 ? [] : [make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows))];
}
