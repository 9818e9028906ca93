// What the map's colours tell: how fast, or how much traffic.
import { getElement } from "./dom";
import { chooseMeasure, currentView, onView, type Measure } from "./moment";

export function startMeasure(): void {
  const group = getElement("measure", HTMLFieldSetElement);
  const mark = (measure: Measure) => {
    for (const radio of group.querySelectorAll<HTMLInputElement>("input")) radio.checked = radio.value === measure;
  };
  group.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement) chooseMeasure(event.target.value === "volume" ? "volume" : "speed");
  });
  onView(({ measure }, changed) => { if (changed.measure) mark(measure); });
  mark(currentView().measure); // a browser keeps a radio's state over a reload
}
