// The map itself: made once, recoloured by feature state, restyled when the theme changes.
import type { Feature, FeatureCollection, Polygon } from "geojson";
import { Popup, ScaleControl, type GeoJSONSource, type Map as Canvas, type MapGeoJSONFeature, type MapMouseEvent } from "maplibre-gl";
import { OVER, type CarPark, type Incident, type Network, type Weather } from "./api";
import { vacancyWords } from "./car_parks";
import { openMap, restyle, still } from "./city_map";
import { make } from "./dom";
import { imageScale, incidentImage } from "./map_images";
import { DETECTORS_FROM_ZOOM, mapStyle, SWITCHES } from "./map_style";
import { chooseRoad, currentView, onView } from "./moment";
import { say, word } from "./page_data";
import { currentShown, networkPlace, onShown, type Shown } from "./traffic";
import { roadWords } from "./words_of_roads";

type Data = FeatureCollection;
const CLICK_REACH_PX = 8; // thin roads deserve a fair target
const CITY: [number, number, number, number] = [113.86, 22.19, 114.31, 22.53];

export class TrafficMap {
  private readonly canvas: Canvas;
  private readonly data = new Map<string, Data>();
  private readonly hidden = new Set(["stations", "car_parks"]);
  private readonly popup = new Popup({ closeButton: false, closeOnClick: false, offset: 10, className: "hint", maxWidth: "260px" });
  private onIncident: (id: string) => void = () => undefined;

  /** Raises where the browser has no WebGL. */
  constructor(container: HTMLElement) {
    this.canvas = openMap(container, `${word("map.label")}. ${word("map.help")}`, () => mapStyle(currentView().measure), {
      bounds: CITY, fitBoundsOptions: { padding: 12 },
    });
    this.canvas.addControl(new ScaleControl({ maxWidth: 90 }), "bottom-right");
    this.canvas.on("style.load", () => this.dress());
    this.canvas.on("click", (event) => this.click(event));
    this.canvas.on("mousemove", (event) => this.hover(event));
    this.canvas.on("mouseout", () => this.popup.remove());
    this.canvas.on("idle", () => { container.dataset["drawn"] = container.dataset["shown"] ?? ""; });
    onShown((shown) => this.colour(shown));
    onView(({ road }, changed) => {
      if (changed.measure) restyle(this.canvas, mapStyle(currentView().measure));
      if (changed.road) this.choose(road);
    });
  }

  whenIncidentClicked(listener: (id: string) => void): void {
    this.onIncident = listener;
  }

  showNetwork(network: Network): void {
    this.put("network", network);
  }

  showIncidents(incidents: Incident[]): void {
    this.put("incidents", collection(incidents.filter((incident) => incident.lon !== null && incident.lat !== null).map((incident) =>
      point(incident.lon as number, incident.lat as number, { id: incident.id, status: OVER.has(incident.state) ? "closed" : "open", heading: say(incident.title) }))));
  }

  showWeather(weather: Weather): void {
    const [width, height] = weather.rain.cell_deg;
    this.put("rain", collection(weather.rain.cells.map(([lon, lat, mm]) => cell(lon, lat, width, height, mm))));
    this.put("stations", collection(weather.stations.map((station) => point(station.lon, station.lat, {
      label: [station.temperature_c === null ? null : `${Math.round(station.temperature_c)}°`, station.wind_kmh === null ? null : `${Math.round(station.wind_kmh)} ${word("roads.speed")}`]
        .filter((part) => part !== null).join("\n"),
    }))));
  }

  showCarParks(carParks: CarPark[]): void {
    this.put("car-parks", collection(carParks.flatMap((park) => {
      if (park.lon === null || park.lat === null) return [];
      const known = park.vacancy !== null || park.has_vacancy !== null;
      return [point(park.lon, park.lat, { known, vacancy: known ? vacancyWords(park) : "?" })];
    })));
  }

  setLayer(name: string, visible: boolean): void {
    if (visible) this.hidden.delete(name); else this.hidden.add(name);
    this.switchLayers();
  }

  isLayerOn(name: string): boolean {
    return !this.hidden.has(name);
  }

  zoom(by: number): void {
    this.canvas.zoomTo(this.canvas.getZoom() + by, this.pace());
  }

  wholeCity(): void {
    this.canvas.fitBounds(CITY, { padding: 12, ...this.pace() });
  }

  goTo(lon: number, lat: number, zoom = 13.2): void {
    this.canvas.easeTo({ center: [lon, lat], zoom: Math.max(zoom, this.canvas.getZoom()), ...this.pace() });
  }

  jumpTo(lon: number, lat: number, zoom: number): void {
    this.canvas.jumpTo({ center: [lon, lat], zoom });
  }

  whenMoved(listener: () => void): void {
    this.canvas.on("moveend", listener);
  }

  /** Zoom, latitude and longitude of the middle, as maps' addresses have them. */
  where(): string {
    const { lng, lat } = this.canvas.getCenter();
    return `${this.canvas.getZoom().toFixed(2)}/${lat.toFixed(4)}/${lng.toFixed(4)}`;
  }

  /** The map as it is shown now; its pixels are there until the browser has its next turn. */
  picture(): HTMLCanvasElement {
    this.canvas.redraw();
    return this.canvas.getCanvas();
  }

  private pace(): { duration: number } {
    return { duration: still.matches ? 0 : 500 };
  }

  private put(source: string, data: Data): void {
    this.data.set(source, data);
    this.canvas.getSource<GeoJSONSource>(source)?.setData(data);
    if (source === "network") this.recolour();
  }

  private dress(): void {
    const images: [string, ImageData][] = [["incident", incidentImage(false)], ["incident-closed", incidentImage(true)]];
    for (const [name, image] of images) if (!this.canvas.hasImage(name)) this.canvas.addImage(name, image, { pixelRatio: imageScale });
    for (const [source, data] of this.data) this.canvas.getSource<GeoJSONSource>(source)?.setData(data);
    this.switchLayers();
    this.recolour();
    this.choose(currentView().road);
  }

  private switchLayers(): void {
    for (const [name, layers] of Object.entries(SWITCHES)) {
      for (const layer of layers) {
        if (this.canvas.getLayer(layer)) this.canvas.setLayoutProperty(layer, "visibility", this.hidden.has(name) ? "none" : "visible");
      }
    }
  }

  private recolour(): void {
    const shown = currentShown();
    if (shown !== null) this.colour(shown);
  }

  private colour(shown: Shown): void {
    if (!this.canvas.getSource("network")) return;
    for (const { id, pace, stale, volume, alone } of shown.roads) this.canvas.setFeatureState({ source: "network", id }, { pace: stale ? "unknown" : pace, stale, volume, alone });
    this.canvas.getContainer().dataset["measure"] = shown.measure;
    this.canvas.getContainer().dataset["shown"] = shown.speeds.at ?? "";
  }

  private choose(road: string | null): void {
    for (const layer of ["road-chosen", "detector-chosen"]) {
      const kind = layer === "road-chosen" ? "segment" : "detector";
      if (this.canvas.getLayer(layer)) this.canvas.setFilter(layer, ["all", ["==", ["get", "id"], road ?? ""], ["==", ["get", "kind"], kind]]);
    }
    const place = road === null ? null : networkPlace(road);
    if (place !== null && !this.canvas.getBounds().contains(place)) this.goTo(place[0], place[1], 12);
  }

  private under({ point: { x, y } }: MapMouseEvent): MapGeoJSONFeature | undefined {
    const layers = ["incident", "detector", "road", "road-straight"].filter((layer) => this.canvas.getLayer(layer));
    const box: [[number, number], [number, number]] = [[x - CLICK_REACH_PX, y - CLICK_REACH_PX], [x + CLICK_REACH_PX, y + CLICK_REACH_PX]];
    return this.canvas.queryRenderedFeatures(box, { layers }).find((feature) => feature.layer.id !== "detector" || this.showsDetector(feature));
  }

  // From afar only detectors that speak for their roads are drawn, see the layer's opacity.
  private showsDetector({ state }: MapGeoJSONFeature): boolean {
    return currentView().measure === "volume" || this.canvas.getZoom() >= DETECTORS_FROM_ZOOM || state["alone"] === true;
  }

  private click(event: MapMouseEvent): void {
    const feature = this.under(event);
    if (feature === undefined) return;
    const id = String(feature.properties["id"]);
    if (feature.layer.id === "incident") this.onIncident(id); else chooseRoad(id);
  }

  private hover(event: MapMouseEvent): void {
    const feature = this.under(event);
    this.canvas.getCanvas().style.cursor = feature === undefined ? "" : "pointer";
    const id = String(feature?.properties["id"] ?? "");
    const now = currentShown()?.roads.find((road) => road.id === id);
    if (feature === undefined) { this.popup.remove(); return; }
    const words = now === undefined ? [String(feature.properties["heading"] ?? "")] : roadWords(now);
    this.popup.setLngLat(event.lngLat).setDOMContent(make("div", {}, ...words.map((line, row) => make(row === 0 ? "strong" : "span", {}, line)))).addTo(this.canvas);
  }
}

function collection(features: Feature[]): Data {
  return { type: "FeatureCollection", features };
}

function point(lon: number, lat: number, properties: Record<string, unknown>): Feature {
  return { type: "Feature", properties, geometry: { type: "Point", coordinates: [lon, lat] } };
}

function cell(lon: number, lat: number, width: number, height: number, mm: number): Feature<Polygon> {
  const [west, east, south, north] = [lon - width / 2, lon + width / 2, lat - height / 2, lat + height / 2];
  return { type: "Feature", properties: { mm }, geometry: { type: "Polygon", coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]] } };
}
