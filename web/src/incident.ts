// One incident on a map: where it is said to be, its segments, and those that it slows. The page says the same in words.
import type { Feature, FeatureCollection, LineString, Polygon } from "geojson";
import { LngLatBounds, type FilterSpecification, type GeoJSONSource, type LayerSpecification, type Map as Canvas } from "maplibre-gl";
import { getJson, TRAFFIC, type Network } from "./api";
import { AMONG_WORDS, openMap, still } from "./city_map";
import { getElement } from "./dom";
import { imageScale, incidentImage } from "./map_images";
import { KEEP_LEFT, mapStyle } from "./map_style";
import { themeColour } from "./pace";
import { word } from "./page_data";
import { clockTime } from "./time";

const CITY: [number, number, number, number] = [113.9, 22.2, 114.3, 22.52];
const CLOSEST_ZOOM = 13;
const LEAST_DOUBT_M = 200;
const M_PER_DEGREE = 111_320;

interface Extent { at: string; links: number; queue_km: number }
interface Spell { link: string; from: string; until: string }

class IncidentMap {
  private readonly canvas: Canvas;
  private network: Network | null = null;
  private at: string | null = null;

  /** Raises where the browser has no WebGL. */
  constructor(private readonly said: HTMLElement, container: HTMLElement) {
    this.canvas = openMap(container, word("incident.map"), () => mapStyle("speed"), { ...AMONG_WORDS, bounds: CITY });
    this.canvas.scrollZoom.disable(); // the page scrolls past
    this.canvas.on("style.load", () => this.dress());
    this.canvas.on("idle", () => { container.dataset["drawn"] = String(this.marked().length); });
  }

  show(network: Network): void {
    this.network = network;
    this.draw();
    this.fit();
  }

  /** Show which segments were slowed at a moment; now where it is null. */
  look(at: string | null): void {
    this.at = at;
    this.mark();
  }

  /** Draw anew what the page says now. */
  draw(): void {
    const { lon, lat, over } = this.said.dataset;
    const at: Feature[] = lon === undefined || lat === undefined ? [] : [
      { type: "Feature", properties: { status: over === undefined ? "open" : "closed", heading: "" }, geometry: { type: "Point", coordinates: [Number(lon), Number(lat)] } },
    ];
    if (this.network !== null) this.fill("network", this.network);
    this.fill("incidents", { type: "FeatureCollection", features: at });
    this.mark();
  }

  private mark(): void {
    this.fill("marked", { type: "FeatureCollection", features: [...this.doubt(), ...this.marked()] });
  }

  private dress(): void {
    for (const closed of [false, true]) {
      const name = closed ? "incident-closed" : "incident";
      if (!this.canvas.hasImage(name)) this.canvas.addImage(name, incidentImage(closed), { pixelRatio: imageScale });
    }
    for (const layer of ["detector", "detector-chosen"]) if (this.canvas.getLayer(layer)) this.canvas.setLayoutProperty(layer, "visibility", "none");
    if (!this.canvas.getSource("marked")) this.canvas.addSource("marked", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    for (const layer of markedLayers()) if (!this.canvas.getLayer(layer.id)) this.canvas.addLayer(layer, "place");
    this.draw();
  }

  private fill(source: string, data: FeatureCollection | Network): void {
    this.canvas.getSource<GeoJSONSource>(source)?.setData(data as FeatureCollection);
  }

  private marked(): Feature<LineString>[] {
    const [own, slowed] = [words(this.said.dataset["links"]), this.slowed()];
    return this.linesOf((road) => own.has(road) || slowed.has(road), (road) => own.has(road));
  }

  private linesOf(wanted: (road: string) => boolean, isOwn: (road: string) => boolean): Feature<LineString>[] {
    return (this.network?.features ?? []).flatMap(({ id, geometry }) => {
      const road = String(id);
      return geometry.type === "LineString" && wanted(road) ? [{ type: "Feature", properties: { own: isOwn(road) }, geometry }] : [];
    });
  }

  private everMarked(): Feature<LineString>[] {
    const ever = new Set(list<Spell>(this.said.dataset["spells"]).map(({ link }) => link));
    return [...this.marked(), ...this.linesOf((road) => ever.has(road), () => false)];
  }

  private slowed(): Set<string> {
    if (this.at === null) return words(this.said.dataset["slowed"]);
    const at = Date.parse(this.at);
    return new Set(list<Spell>(this.said.dataset["spells"]).filter(({ from, until }) => Date.parse(from) <= at && at < Date.parse(until)).map(({ link }) => link));
  }

  /** How far from the point it may be, where that is worth a look. */
  private doubt(): Feature<Polygon>[] {
    const { lon, lat, errorM } = this.said.dataset;
    const reach_m = Number(errorM ?? 0);
    if (lon === undefined || lat === undefined || reach_m < LEAST_DOUBT_M) return [];
    const ring = Array.from({ length: 65 }, (_, corner) => {
      const angle = (corner / 64) * 2 * Math.PI;
      const north = (reach_m * Math.cos(angle)) / M_PER_DEGREE;
      const east = (reach_m * Math.sin(angle)) / (M_PER_DEGREE * Math.cos((Number(lat) * Math.PI) / 180));
      return [Number(lon) + east, Number(lat) + north];
    });
    return [{ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } }];
  }

  private fit(): void {
    const points = this.everMarked().flatMap(({ geometry }) => geometry.coordinates as [number, number][]);
    const { lon, lat } = this.said.dataset;
    if (lon !== undefined && lat !== undefined) points.push([Number(lon), Number(lat)]);
    points.push(...this.doubt().flatMap(({ geometry }) => (geometry.coordinates[0] ?? []) as [number, number][]));
    const [first] = points;
    if (first === undefined) return;
    const box = points.reduce((grown, point) => grown.extend(point), new LngLatBounds(first, first));
    this.canvas.fitBounds(box, { padding: 56, maxZoom: CLOSEST_ZOOM, duration: still.matches ? 0 : 400 });
  }
}

function words(list: string | undefined): Set<string> {
  return new Set((list ?? "").split(" ").filter((id) => id !== ""));
}

function list<T>(said: string | undefined): T[] {
  return said === undefined ? [] : (JSON.parse(said) as T[]);
}

/** The slider through its life: the map, the queue and the words of one five minutes. It stays at now until it is moved. */
function followReach(frame: HTMLElement, map: IncidentMap): void {
  const slider = getElement("reach", HTMLInputElement);
  const output = frame.querySelector("output");
  let chosen: string | null = null;
  const show = (): void => {
    const extent = list<Extent>(frame.dataset["extent"]);
    const place = chosen === null ? -1 : extent.findIndex(({ at }) => at === chosen);
    if (chosen !== null && place < 0) { // it is told no more
      chosen = null;
      map.look(chosen);
    }
    const index = place < 0 ? extent.length - 1 : place;
    const one = extent[index];
    (slider.parentElement as HTMLElement).hidden = extent.length < 2;
    if (one === undefined) return;
    slider.max = String(extent.length - 1);
    slider.value = String(index);
    const said = `${clockTime(one.at)} · ${word(one.links === 1 ? "incident.extent_one" : "incident.extent", { links: one.links, km: one.queue_km })}`;
    slider.setAttribute("aria-valuetext", said);
    if (output !== null) output.value = said;
    (frame.closest("[data-live]") ?? document).querySelectorAll(".queue rect").forEach((bar, number) => bar.classList.toggle("is-chosen", number === index));
  };
  slider.addEventListener("input", () => {
    const extent = list<Extent>(frame.dataset["extent"]);
    const index = Number(slider.value);
    chosen = index === extent.length - 1 ? null : (extent[index]?.at ?? null);
    map.look(chosen);
    show();
  });
  frame.addEventListener("lionrock-kept", show);
  show();
}

function markedLayers(): LayerSpecification[] {
  const wide = (width: number) => ["interpolate", ["linear"], ["zoom"], 9, width * 0.7, 12, width, 16, width * 1.8] as unknown as number;
  const colour = ["case", ["get", "own"], themeColour("bad"), themeColour("lamp")] as unknown as string;
  const round = { "line-cap": "round", "line-join": "round" } as const;
  const line = ["==", ["geometry-type"], "LineString"] as unknown as FilterSpecification;
  const area = ["==", ["geometry-type"], "Polygon"] as unknown as FilterSpecification;
  return [
    { id: "doubt", type: "fill", source: "marked", filter: area, paint: { "fill-color": themeColour("bad"), "fill-opacity": 0.1, "fill-outline-color": themeColour("bad") } },
    { id: "marked-casing", type: "line", source: "marked", filter: line, layout: round, paint: { "line-offset": KEEP_LEFT, "line-color": themeColour("map-casing"), "line-width": wide(8) } },
    { id: "marked", type: "line", source: "marked", filter: line, layout: round, paint: { "line-offset": KEEP_LEFT, "line-color": colour, "line-width": wide(5) } },
  ];
}

async function start(): Promise<void> {
  const frame = document.getElementById("incident-place");
  if (frame === null) return; // it has no place
  frame.hidden = false;
  try {
    const map = new IncidentMap(frame, getElement("incident-map", HTMLElement));
    frame.addEventListener("lionrock-kept", () => map.draw());
    followReach(frame, map);
    map.show(await getJson<Network>(`${TRAFFIC}/network`));
  } catch (failure) {
    console.warn("no map:", failure);
    frame.hidden = true; // the page says the same in words
  }
}

void start();
