// What is shown, to take away.
import { TRAFFIC } from "./api";
import { getElement, make } from "./dom";
import type { TrafficMap } from "./map";
import { momentQuery, onView } from "./moment";
import { page } from "./page_data";
import { currentShown } from "./traffic";

export function startExport(map: TrafficMap | null): void {
  onView(({ moment }) => {
    for (const format of ["csv", "geojson"]) {
      getElement(`export-${format}`, HTMLAnchorElement).href = `${TRAFFIC}/speeds.${format}?${momentQuery(moment)}`;
    }
  });
  const button = getElement("export-png", HTMLButtonElement);
  if (map === null) button.disabled = true;
  else button.addEventListener("click", () => void save(map));
}

async function save(map: TrafficMap): Promise<void> {
  const url = URL.createObjectURL(await map.picture());
  const stamp = (currentShown()?.speeds.at ?? "").replace(/[:]/g, "");
  make("a", { href: url, download: `lionrock${page.simulated ? "-simulated" : ""}-${stamp}.png` }).click();
  URL.revokeObjectURL(url);
}
