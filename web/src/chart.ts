// One road's day: measured, usual and forecast with its band.
import uPlot from "uplot";
import type { Road } from "./api";
import { currentView } from "./moment";
import { themeColour } from "./pace";
import { page, word } from "./page_data";
import { clockTime } from "./time";

const HEIGHT_PX = 210;
const MEASURED = 2;
const LOW = 4; // the place of the lower quantile among the series
const HOUR_S = 3600;
const JOINED_MS = 65 * 60_000;

type Series = (number | null)[];

/** The four curves on one time axis (seconds since 1970); a gap stays a gap. */
function alignedDay(road: Road): [number[], Series, Series, Series, Series, Series, Series] {
  const seconds = (moment: string) => Date.parse(moment) / 1000;
  const past = new Map(measured(road).map(([at, speed, quality]) => [seconds(at), quality === 0 ? speed : null]));
  const doubtful = new Map(road.past.map(([at, speed, quality]) => [seconds(at), quality === 0 ? null : speed]));
  const usual = new Map(road.usual.map(([at, speed]) => [seconds(at), speed]));
  const ahead = new Map(road.forecast.map(([at, low, middle, high]) => [seconds(at), { low, middle, high }]));
  const times = [...new Set([...past.keys(), ...usual.keys(), ...ahead.keys()])].sort((a, b) => a - b);
  // Between the points of one series other series' moments are undefined to uPlot: joined, not broken.
  const pick = (values: Map<number, number | null>) => times.map((at) => (values.has(at) ? (values.get(at) ?? null) : (undefined as unknown as null)));
  const part = (key: "low" | "middle" | "high") => pick(new Map([...ahead].map(([at, forecast]) => [at, forecast[key]])));
  return [times, pick(usual), pick(past), part("high"), part("low"), part("middle"), pick(doubtful)];
}

// A recording may hold one value an hour: these are joined; a longer silence stays a gap.
function measured(road: Road): Road["past"] {
  if (page.source !== "recording") return road.past;
  let heard = -Infinity;
  return road.past.filter(([at, speed, quality]) => {
    const moment = Date.parse(at);
    if (speed !== null && quality === 0) heard = moment;
    return heard === moment || moment - heard > JOINED_MS;
  });
}

export function drawChart(place: HTMLElement, road: Road): uPlot {
  const ink = themeColour("chart-ink");
  const grid = { stroke: themeColour("chart-grid"), width: 1 };
  const font = "11px system-ui, sans-serif";
  const data = alignedDay(road);
  const now = Math.max(...road.past.map(([at]) => Date.parse(at) / 1000), 0);
  const silentWithout = (values: readonly unknown[]) => (values.length > 0 ? {} : { class: "is-silent" });
  const speed = (_: uPlot, value: number | null) => (value === null || value === undefined ? "–" : `${Math.round(value)}`);
  const options: uPlot.Options = {
    width: place.clientWidth,
    height: HEIGHT_PX,
    tzDate: (stamp) => uPlot.tzDate(new Date(stamp * 1000), "Asia/Hong_Kong"),
    cursor: { drag: { x: false, y: false }, points: { size: 7 } },
    legend: { live: true },
    scales: { x: { time: true }, y: { range: (_, __, high) => [0, Math.max(60, Math.ceil(((high ?? 0) * 1.08) / 10) * 10)] } },
    axes: [
      { stroke: ink, font, grid: { show: false }, ticks: grid, values: (_, ticks) => ticks.map((at) => clockTime(at * 1000)), space: 52, incrs: [HOUR_S, 3 * HOUR_S, 6 * HOUR_S] },
      { stroke: ink, font, grid, ticks: { show: false }, size: 34, space: 36 },
    ],
    series: [
      { label: word("road.at"), value: (_, at: number | null) => (at === null ? "–" : clockTime(at * 1000)) },
      { label: word("road.usual_day"), stroke: themeColour("chart-usual"), width: 1.5, dash: [5, 4], points: { show: false }, value: speed, ...silentWithout(road.usual) },
      { label: word("road.measured"), stroke: themeColour("chart-measured"), width: 2, points: { show: false }, value: speed },
      { label: word("road.band"), stroke: "transparent", points: { show: false }, value: (plot, high: number | null, _, at) => bandWords(plot, high, at), ...silentWithout(road.forecast) },
      { label: word("road.low"), stroke: "transparent", points: { show: false }, value: speed, class: "is-silent" }, // the band's entry says both
      { label: word("road.forecast"), stroke: themeColour("chart-forecast"), width: 2, points: { show: true, size: 5, fill: themeColour("chart-forecast") }, value: speed, ...silentWithout(road.forecast) },
      { label: word("road.doubtful"), stroke: themeColour("chart-usual"), width: 0, paths: () => null, points: { show: true, size: 4 }, value: speed, ...silentWithout(road.past.filter(([, speed, quality]) => speed !== null && quality !== 0)) },
    ],
    bands: [{ series: [3, 4], fill: themeColour("chart-band") }],
    hooks: { ready: [tellLast], draw: [(plot) => drawLines(plot, road, now)] },
  };
  return new uPlot(options, data, place);
}

// What was measured last, until a moment is pointed at.
function tellLast(plot: uPlot): void {
  const last = plot.data[MEASURED]?.findLastIndex((value) => typeof value === "number") ?? -1;
  if (last >= 0) plot.setLegend({ idx: last });
}

function bandWords(plot: uPlot, high: number | null, at: number | null): string {
  const low = at === null ? null : (plot.data[LOW]?.[at] ?? null);
  return high === null || high === undefined || low === null ? "–" : `${Math.round(low)}–${Math.round(high)}`;
}

// The free-flow speed as a level, the moment where measuring ends, and the past moment that the map shows.
function drawLines(plot: uPlot, road: Road, now: number): void {
  const { ctx } = plot;
  const { left, top, width, height } = plot.bbox;
  ctx.save();
  ctx.strokeStyle = themeColour("chart-free");
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
  if (road.free_flow_kmh !== null) line(ctx, left, plot.valToPos(road.free_flow_kmh, "y", true), left + width, null);
  ctx.setLineDash([]);
  ctx.strokeStyle = themeColour("chart-now");
  if (now > 0) line(ctx, plot.valToPos(now, "x", true), top, null, top + height);
  const { moment } = currentView();
  ctx.strokeStyle = themeColour("chart-forecast");
  if ("at" in moment) line(ctx, plot.valToPos(Date.parse(moment.at) / 1000, "x", true), top, null, top + height);
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.fillStyle = themeColour("chart-ink");
  ctx.textAlign = "left";
  ctx.textBaseline = "top";
  ctx.fillText(word("roads.speed"), left + 3 * devicePixelRatio, top + 2 * devicePixelRatio);
  ctx.restore();
}

function line(ctx: CanvasRenderingContext2D, x: number, y: number, toX: number | null, toY: number | null): void {
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(toX ?? x, toY ?? y);
  ctx.stroke();
}
