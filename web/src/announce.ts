// Changes said to those who listen rather than look.
import { getElement } from "./dom";

const region = getElement("announcements", HTMLElement);

export function announce(words: string): void {
  region.textContent = words;
}
