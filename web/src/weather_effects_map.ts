// The map of what some weather takes from each road: whole lines from the road's own days, broken ones from the city's.
import { Popup, type ExpressionSpecification, type FilterSpecification, type GeoJSONSource, type LayerSpecification, type Map as Canvas, type MapGeoJSONFeature, type MapMouseEvent } from "maplibre-gl";
import type { Network } from "./api";
import { AMONG_WORDS, openMap } from "./city_map";
import { make } from "./dom";
import { DETECTORS_FROM_ZOOM, KEEP_LEFT, mapStyle } from "./map_style";
import { themeColour } from "./pace";
import { word } from "./page_data";
import { LOSS_COLOURS, roadsOf, type Counts, type RoadEffects, type Roads } from "./weather_effects_roads";

const CITY: [number, number, number, number] = [113.88, 22.2, 114.29, 22.52];
const REACH_PX = 8;
const NO_ROADS: Roads = { type: "FeatureCollection", features: [] };
const SEGMENT: ExpressionSpecification = ["==", ["get", "kind"], "segment"];

export class EffectsMap {
  private readonly canvas: Canvas;
  private readonly popup = new Popup({ closeButton: false, closeOnClick: false, className: "hint", maxWidth: "280px", offset: 8 });
  private network: Network | null = null;
  private roads: Roads = NO_ROADS;
  private pinned = false;

  /** Raises where the browser has no WebGL. `address` leads to the page about one road. */
  constructor(private readonly container: HTMLElement, private readonly address: (road: string) => string) {
    this.canvas = openMap(container, word("weather_effects.map"), () => mapStyle("speed"), { ...AMONG_WORDS, bounds: CITY, fitBoundsOptions: { padding: 8 }, minZoom: 8.3, maxZoom: 16 });
    this.canvas.scrollZoom.disable(); // the page scrolls past; buttons of the keyboard and pinches zoom
    this.canvas.on("style.load", () => this.dress());
    this.canvas.on("mousemove", (event) => { if (!this.pinned) this.tell(event, false); });
    this.canvas.on("mouseout", () => { if (!this.pinned) this.popup.remove(); });
    this.canvas.on("click", (event) => this.tell(event, true));
    this.popup.on("close", () => { this.pinned = false; this.point(""); });
  }

  show(network: Network, effects: RoadEffects): Counts {
    const { roads, counts } = roadsOf(network, effects);
    [this.network, this.roads] = [network, roads];
    this.fill();
    return counts;
  }

  /** Mark a road, or none. */
  point(road: string): void {
    if (this.canvas.getLayer("effect-pointed")) this.canvas.setFilter("effect-pointed", ["all", SEGMENT, ["==", ["get", "id"], road]]);
    if (this.canvas.getLayer("effect-detector-pointed")) this.canvas.setFilter("effect-detector-pointed", ["all", ["!", SEGMENT], ["==", ["get", "id"], road]]);
  }

  private dress(): void {
    for (const layer of ["detector", "detector-chosen"]) if (this.canvas.getLayer(layer)) this.canvas.setLayoutProperty(layer, "visibility", "none");
    if (!this.canvas.getSource("effects")) this.canvas.addSource("effects", { type: "geojson", data: NO_ROADS });
    for (const layer of effectLayers()) if (!this.canvas.getLayer(layer.id)) this.canvas.addLayer(layer, "place");
    this.fill();
  }

  private fill(): void {
    if (this.network === null) return;
    this.canvas.getSource<GeoJSONSource>("network")?.setData(withIds(this.network));
    this.canvas.getSource<GeoJSONSource>("effects")?.setData(this.roads);
    this.canvas.once("idle", () => { this.container.dataset["drawn"] = String(this.roads.features.length); });
  }

  private tell(event: MapMouseEvent, pin: boolean): void {
    const road = this.under(event);
    this.canvas.getCanvas().style.cursor = road === undefined ? "" : "pointer";
    if (road === undefined) { this.popup.remove(); return; }
    const id = String(road.properties["id"]);
    const lines = road.source === "effects" ? (JSON.parse(String(road.properties["lines"])) as string[]) : [word("weather_effects.map_unknown")];
    const words = lines.map((line, row) => make(row === 0 && lines.length > 1 ? "strong" : "span", {}, line));
    const more = pin && road.source === "effects" ? [make("a", { href: this.address(id) }, word("weather_effects.map_road"))] : [];
    this.popup.setLngLat(event.lngLat).setDOMContent(make("div", {}, ...words, ...more)).addTo(this.canvas);
    this.pinned = pin;
    this.point(id);
  }

  private under({ point: { x, y } }: MapMouseEvent): MapGeoJSONFeature | undefined {
    const layers = ["effect-detector", "effect-own", "effect-borrowed", "road", "road-straight"].filter((layer) => this.canvas.getLayer(layer));
    return this.canvas.queryRenderedFeatures([[x - REACH_PX, y - REACH_PX], [x + REACH_PX, y + REACH_PX]], { layers })[0];
  }
}

function withIds(network: Network): Network {
  return { ...network, features: network.features.map((road) => ({ ...road, properties: { ...road.properties, id: road.id } })) };
}

function effectLayers(): LayerSpecification[] {
  const colours = LOSS_COLOURS.flatMap((name, index) => [index, themeColour(name)]);
  const colour = ["match", ["get", "loss"], ...colours, themeColour("pace-unknown")] as unknown as ExpressionSpecification;
  // More lost is wider, so that colour is not the only mark.
  const weight: ExpressionSpecification = ["+", 0.8, ["*", 0.2, ["get", "loss"]]];
  const wide = (extra: number): ExpressionSpecification => {
    const width = (base: number): ExpressionSpecification => ["+", ["*", base, weight], extra];
    return ["interpolate", ["linear"], ["zoom"], 9, width(1.8), 11, width(3), 13, width(5), 16, width(9)];
  };
  const round = { "line-cap": "round", "line-join": "round" } as const;
  const borrowed: ExpressionSpecification = ["get", "borrowed"];
  const none = ["all", SEGMENT, ["==", ["get", "id"], ""]] as unknown as FilterSpecification;
  return [
    { id: "effect-casing", type: "line", source: "effects", filter: SEGMENT, layout: round, paint: { "line-offset": KEEP_LEFT, "line-color": themeColour("map-casing"), "line-width": wide(2.4) } },
    { id: "effect-borrowed", type: "line", source: "effects", filter: ["all", SEGMENT, borrowed], paint: { "line-offset": KEEP_LEFT, "line-color": colour, "line-width": wide(0), "line-dasharray": [1.6, 1.1] } },
    { id: "effect-own", type: "line", source: "effects", filter: ["all", SEGMENT, ["!", borrowed]], layout: round, paint: { "line-offset": KEEP_LEFT, "line-color": colour, "line-width": wide(0) } },
    { id: "effect-pointed", type: "line", source: "effects", filter: none, layout: round, paint: { "line-offset": KEEP_LEFT, "line-color": themeColour("map-chosen"), "line-width": 2, "line-gap-width": wide(3) } },
    {
      id: "effect-detector", type: "circle", source: "effects", filter: ["!", SEGMENT], minzoom: DETECTORS_FROM_ZOOM,
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 11, 3.4, 15, 7], "circle-color": ["case", borrowed, themeColour("map-casing"), colour],
        "circle-stroke-color": ["case", borrowed, colour, themeColour("map-casing")], "circle-stroke-width": 1.6,
      },
    },
    {
      id: "effect-detector-pointed", type: "circle", source: "effects", filter: none,
      paint: { "circle-radius": 9, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": themeColour("map-chosen"), "circle-stroke-width": 2.5 },
    },
  ];
}
