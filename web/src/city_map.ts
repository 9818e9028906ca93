// A map of the city as every page has it: flat, north up, within the city, drawn anew when the theme changes.
import { Map as Canvas, setWorkerUrl, type MapOptions, type StyleSpecification } from "maplibre-gl";
import { imageScale, peakImage } from "./map_images";
import { BOUNDS } from "./map_style";
import { page, word } from "./page_data";
import { onTheme } from "./theme_choice";

export const still = matchMedia("(prefers-reduced-motion: reduce)");
const touched = matchMedia("(pointer: coarse)");

/** Of a map among other words one finger scrolls the page past it. */
export const AMONG_WORDS: Partial<MapOptions> = { cooperativeGestures: touched.matches };

/** Opens the map called `title` in `container`; raises where the browser has no WebGL. */
export function openMap(container: HTMLElement, title: string, style: () => StyleSpecification, own: Partial<MapOptions>): Canvas {
  if (page.assets === null) throw new Error("the page has no map assets");
  setWorkerUrl(new URL(page.assets.worker, location.href).href);
  const canvas = new Canvas({
    container, style: style(), maxBounds: BOUNDS, minZoom: 8.5, maxZoom: 17, attributionControl: false,
    dragRotate: false, pitchWithRotate: false, touchPitch: false, fadeDuration: still.matches ? 0 : 200,
    locale: {
      "Map.Title": title, "ScaleControl.Kilometers": word("unit.km"), "ScaleControl.Meters": word("unit.m"),
      "CooperativeGesturesHandler.MobileHelpText": word("journeys.two_fingers"),
    },
    ...own,
  });
  canvas.touchZoomRotate.disableRotation();
  canvas.on("style.load", () => { if (!canvas.hasImage("peak")) canvas.addImage("peak", peakImage(), { pixelRatio: imageScale }); });
  canvas.on("resize", () => unsayDrawn(canvas));
  onTheme(() => restyle(canvas, style()));
  return canvas;
}

/** Paints the map anew: MapLibre cannot swap kinds of expressions under drawn tiles. */
export function restyle(canvas: Canvas, style: StyleSpecification): void {
  unsayDrawn(canvas);
  canvas.setStyle(style, { diff: false });
}

// Each map says that it is drawn once it is idle; until it is so again that holds no longer.
function unsayDrawn(canvas: Canvas): void {
  delete canvas.getContainer().dataset["drawn"];
}
