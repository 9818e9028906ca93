// A place that a form asks for as two numbers, picked on a map instead: tapped, dragged, or the middle by the keyboard.
import { Marker, type GeoJSONSource, type LngLatLike, type Map as Canvas } from "maplibre-gl";
import { getJson, TRAFFIC, type Network } from "./api";
import { AMONG_WORDS, openMap } from "./city_map";
import { make } from "./dom";
import { mapStyle } from "./map_style";
import { say, word, type Text } from "./page_data";

const CITY: [number, number, number, number] = [113.9, 22.2, 114.3, 22.52];
const CLOSE_ZOOM = 13.4;
const REACH_PX = 14;
const DIGITS = 5; // a metre

/** Shows the map under the numbers of `fieldset`; raises where the browser has no WebGL. */
export function openPicker(fieldset: HTMLElement): void {
  new PlacePicker(fieldset);
}

class PlacePicker {
  private readonly canvas: Canvas;
  private readonly marker = new Marker({ element: make("div", { class: "pick-mark" }), anchor: "bottom", draggable: true });
  private readonly lat: HTMLInputElement;
  private readonly lon: HTMLInputElement;
  private readonly said = make("p", { class: "quiet", role: "status", "data-testid": "picked" });

  constructor(private readonly fieldset: HTMLElement) {
    [this.lat, this.lon] = [this.input("lat"), this.input("lon")];
    const drawn = make("div", { class: "map", "data-testid": "pick-map" });
    const frame = make("div", { class: "pick-map" }, drawn, make("p", { class: "credits" }, word("map.coastline")));
    const middle = make("button", { type: "button", class: "button" }, word("pick.middle"));
    const whole = make("div", { class: "pick" }, frame, make("p", { class: "quiet" }, word("pick.help")), middle, this.said);
    fieldset.append(whole);
    const known = this.typed() ?? this.before();
    const view = known === null ? { bounds: CITY } : { center: known, zoom: CLOSE_ZOOM };
    try {
      this.canvas = openMap(drawn, word("pick.map"), () => mapStyle("speed"), { ...AMONG_WORDS, ...view });
    } catch (failure) {
      whole.remove();
      throw failure;
    }
    if (known !== null) this.marker.setLngLat(known).addTo(this.canvas);
    this.canvas.on("style.load", () => void this.drawRoads());
    this.canvas.on("idle", () => { drawn.dataset["drawn"] = "yes"; });
    this.canvas.on("click", ({ lngLat }) => this.take(lngLat.lng, lngLat.lat));
    this.marker.on("dragend", () => this.take(this.marker.getLngLat().lng, this.marker.getLngLat().lat));
    middle.addEventListener("click", () => this.takeMiddle());
    frame.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== this.canvas.getCanvas()) return;
      event.preventDefault();
      this.takeMiddle();
    });
    for (const input of [this.lat, this.lon]) input.addEventListener("change", () => this.follow());
    this.canvas.getCanvas().focus({ preventScroll: true });
  }

  private input(name: string): HTMLInputElement {
    const found = this.fieldset.querySelector<HTMLInputElement>(`input[name="${name}"]`);
    if (found === null) throw new Error(`no input for ${name}`);
    return found;
  }

  private typed(): [number, number] | null {
    const [lon, lat] = [Number.parseFloat(this.lon.value), Number.parseFloat(this.lat.value)];
    return Number.isFinite(lon) && Number.isFinite(lat) ? [lon, lat] : null;
  }

  private before(): [number, number] | null {
    const [lon, lat] = [Number.parseFloat(this.fieldset.dataset["lon"] ?? ""), Number.parseFloat(this.fieldset.dataset["lat"] ?? "")];
    return Number.isFinite(lon) && Number.isFinite(lat) ? [lon, lat] : null;
  }

  private follow(): void {
    const place = this.typed();
    if (place === null) return;
    this.marker.setLngLat(place).addTo(this.canvas);
    this.canvas.jumpTo({ center: place });
  }

  private takeMiddle(): void {
    const { lng, lat } = this.canvas.getCenter();
    this.take(lng, lat);
  }

  private take(lon: number, lat: number): void {
    [this.lon.value, this.lat.value] = [lon.toFixed(DIGITS), lat.toFixed(DIGITS)];
    this.marker.setLngLat([lon, lat]).addTo(this.canvas);
    const road = this.roadAt([lon, lat]);
    this.said.textContent = word(road === "" ? "pick.taken" : "pick.taken_on", { lat: this.lat.value, lon: this.lon.value, road });
    const asked = this.fieldset.closest("form")?.querySelector<HTMLInputElement>('input[name="road"][required]');
    if (asked?.value === "" && road !== "") asked.value = road;
  }

  /** The name of the road beside a point, or nothing. */
  private roadAt(place: LngLatLike): string {
    const { x, y } = this.canvas.project(place);
    const layers = ["road", "road-straight"].filter((layer) => this.canvas.getLayer(layer));
    const found = this.canvas.queryRenderedFeatures([[x - REACH_PX, y - REACH_PX], [x + REACH_PX, y + REACH_PX]], { layers })[0];
    return found === undefined ? "" : say(found.properties["name"] as Text);
  }

  private async drawRoads(): Promise<void> {
    try {
      this.canvas.getSource<GeoJSONSource>("network")?.setData(await getJson<Network>(`${TRAFFIC}/network`));
    } catch {
      return; // a place can be picked by the coastline and the districts' names
    }
  }
}
