// The map of journeys: the ways over the city's roads, and a tap that says from here or to here.
import type { Feature, FeatureCollection, LineString, Point } from "geojson";
import { Popup, type FilterSpecification, type GeoJSONSource, type LayerSpecification, type LngLat, type Map as Canvas } from "maplibre-gl";
import { getJson, TRAFFIC, type Network } from "./api";
import { AMONG_WORDS, openMap, still } from "./city_map";
import { make } from "./dom";
import type { Answered, Door, Journey } from "./journeys_data";
import { pointWords, type End } from "./journeys_ends";
import { mapStyle } from "./map_style";
import { PACES, paceOf, ratioOf, themeColour } from "./pace";
import { say, word } from "./page_data";

const CITY: [number, number, number, number] = [113.9, 22.2, 114.3, 22.52];
const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };
const FONTS = ["Noto Sans CJK HK", "PingFang HK", "Microsoft JhengHei", "Noto Sans", "sans-serif"];

export class JourneyMap {
  private readonly canvas: Canvas;
  private readonly popup = new Popup({ closeButton: false, className: "hint pointed", maxWidth: "240px", offset: 6 });
  private answer: Answered | null = null;
  private network: FeatureCollection = EMPTY;
  private chosen = 0;
  private names: FilterSpecification | undefined;
  private pointed: (end: End, words: string) => void = () => undefined;

  /** Raises where the browser has no WebGL. */
  constructor(container: HTMLElement) {
    this.canvas = openMap(container, word("journeys.map"), () => mapStyle("speed"), { ...AMONG_WORDS, bounds: CITY, fitBoundsOptions: { padding: 10 }, maxZoom: 16.5 });
    this.canvas.on("style.load", () => this.dress());
    this.canvas.on("click", ({ lngLat }) => this.offer(lngLat));
    this.canvas.on("idle", () => { container.dataset["drawn"] = String(this.answer?.journeys.length ?? 0); });
    void this.loadNetwork();
  }

  whenPointed(listener: (end: End, words: string) => void): void {
    this.pointed = listener;
  }

  show(answer: Answered | null): void {
    this.popup.remove();
    [this.answer, this.chosen] = [answer, 0];
    this.draw();
    this.fit();
  }

  choose(way: number): void {
    this.chosen = way;
    this.draw();
    this.fit();
  }

  private async loadNetwork(): Promise<void> {
    try {
      const { features } = await getJson<Network>(`${TRAFFIC}/network`);
      this.network = { type: "FeatureCollection", features: features.filter(({ properties }) => properties.kind === "segment").map((road) => ({ ...road, properties: { ...road.properties, id: road.id } })) };
      this.canvas.getSource<GeoJSONSource>("network")?.setData(this.network);
    } catch {
      return; // the ways are drawn over the coastline alone
    }
  }

  private dress(): void {
    this.canvas.getSource<GeoJSONSource>("network")?.setData(this.network);
    this.names = this.canvas.getFilter("place") as FilterSpecification | undefined;
    for (const source of ["ways", "doors"]) if (!this.canvas.getSource(source)) this.canvas.addSource(source, { type: "geojson", data: EMPTY });
    for (const layer of wayLayers()) if (!this.canvas.getLayer(layer.id)) this.canvas.addLayer(layer, layer.id === "door-name" ? undefined : "place");
    this.draw();
  }

  private draw(): void {
    const answer = this.answer;
    const journeys = answer?.journeys ?? [];
    const ways = journeys.flatMap((journey, way) => legsOf(journey, way === this.chosen));
    const chosen = journeys[this.chosen];
    const doors = answer === null || chosen === undefined ? [] : [...accessOf(answer, chosen), doorOf(answer.start, "start"), doorOf(answer.end, "end")];
    this.nameOnce(doors.length === 0 || answer === null ? [] : [answer.start, answer.end]);
    this.canvas.getSource<GeoJSONSource>("ways")?.setData({ type: "FeatureCollection", features: ways });
    this.canvas.getSource<GeoJSONSource>("doors")?.setData({ type: "FeatureCollection", features: doors });
  }

  // A place that is an end of the journey bears its name there, and not a second time as a place of the map.
  private nameOnce(ends: Door[]): void {
    if (this.names === undefined || !this.canvas.getLayer("place")) return;
    const others = ["!", ["in", ["get", "en"], ["literal", ends.map(({ name }) => name.en)]]];
    this.canvas.setFilter("place", ["all", this.names, others] as unknown as FilterSpecification);
  }

  private fit(): void {
    const points = (this.answer?.journeys ?? []).flatMap(({ legs }) => legs.flatMap(({ coordinates }) => coordinates));
    if (points.length === 0) return;
    const [lons, lats] = [points.map(([lon]) => lon), points.map(([, lat]) => lat)];
    const least = (values: number[]) => values.reduce((a, b) => Math.min(a, b));
    const most = (values: number[]) => values.reduce((a, b) => Math.max(a, b));
    this.canvas.fitBounds([least(lons), least(lats), most(lons), most(lats)], { padding: { top: 56, bottom: 44, left: 40, right: 40 }, maxZoom: 14, duration: still.matches ? 0 : 500 });
  }

  private offer(place: LngLat): void {
    const words = pointWords(word("journeys.map_point"), place.lng, place.lat);
    const button = (end: End, label: string) => {
      const made = make("button", { type: "button", class: "button" }, label);
      made.addEventListener("click", () => {
        this.popup.remove();
        this.pointed(end, words);
      });
      return made;
    };
    this.popup.setLngLat(place).setDOMContent(make("div", { class: "pointed-choices" }, button("start", word("journeys.from_here")), button("end", word("journeys.to_here")))).addTo(this.canvas);
  }
}

function legsOf(journey: Journey, chosen: boolean): Feature<LineString>[] {
  return journey.legs.map(({ coordinates, speed_kmh: speed, limit_kmh: limit }) => ({
    type: "Feature", properties: { chosen, pace: paceOf(ratioOf(speed, limit)) }, geometry: { type: "LineString", coordinates },
  }));
}

// From the door to the first known road, and from the last one: local streets, whose course is not known.
function accessOf({ start, end }: Answered, { legs }: Journey): Feature<LineString>[] {
  const [first, last] = [legs[0]?.coordinates[0], legs.at(-1)?.coordinates.at(-1)];
  const pairs: [number, number][][] = [];
  if (first !== undefined) pairs.push([[start.lon, start.lat], first]);
  if (last !== undefined) pairs.push([last, [end.lon, end.lat]]);
  return pairs.map((coordinates) => ({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates } }));
}

function doorOf({ name, lon, lat }: Door, end: End): Feature<Point> {
  return { type: "Feature", properties: { end, name: say(name) }, geometry: { type: "Point", coordinates: [lon, lat] } };
}

function wayLayers(): LayerSpecification[] {
  const round = { "line-cap": "round", "line-join": "round" } as const;
  const paces = PACES.flatMap((pace) => [pace, themeColour(`pace-${pace}`)]);
  const colour = ["match", ["get", "pace"], ...paces, themeColour("pace-steady")] as unknown as string;
  const wide = (width: number) => ["interpolate", ["linear"], ["zoom"], 9, width * 0.7, 12, width, 16, width * 1.9] as unknown as number;
  return [
    { id: "way-other", type: "line", source: "ways", filter: ["!", ["get", "chosen"]], layout: round, paint: { "line-color": themeColour("line-strong"), "line-width": wide(3.2), "line-opacity": 0.85 } },
    { id: "way-casing", type: "line", source: "ways", filter: ["get", "chosen"], layout: round, paint: { "line-color": themeColour("map-chosen"), "line-width": wide(8.5) } },
    { id: "way", type: "line", source: "ways", filter: ["get", "chosen"], layout: round, paint: { "line-color": colour, "line-width": wide(5.2) } },
    { id: "access", type: "line", source: "doors", filter: ["==", ["geometry-type"], "LineString"], layout: round, paint: { "line-color": themeColour("map-chosen"), "line-width": 2, "line-dasharray": [0.5, 2] } },
    {
      id: "door", type: "circle", source: "doors", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 7, "circle-color": ["match", ["get", "end"], "start", themeColour("map-casing"), themeColour("map-chosen")], "circle-stroke-color": themeColour("map-chosen"), "circle-stroke-width": 3 },
    },
    {
      id: "door-name", type: "symbol", source: "doors", filter: ["==", ["geometry-type"], "Point"],
      layout: { "text-field": ["get", "name"], "text-font": FONTS, "text-size": 13, "text-anchor": "bottom", "text-offset": [0, -0.9], "text-max-width": 10, "text-allow-overlap": true },
      paint: { "text-color": themeColour("text"), "text-halo-color": themeColour("map-land"), "text-halo-width": 1.8 },
    },
  ];
}
