// On a narrow screen the lists lie in a sheet over the map; its grip makes one or the other larger.
import { getElement } from "./dom";
import { word } from "./page_data";

export function startSheet(): void {
  const grip = getElement("sheet-grip", HTMLButtonElement);
  grip.addEventListener("click", () => raise(grip.getAttribute("aria-expanded") !== "true"));
}

export function raise(tall: boolean): void {
  getElement("sheet-grip", HTMLButtonElement).setAttribute("aria-expanded", String(tall));
  getElement("sheet-words", HTMLElement).textContent = word(tall ? "sheet.less" : "sheet.more");
  document.body.classList.toggle("sheet-tall", tall);
}
