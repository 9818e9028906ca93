// Feeds of the map that gave nothing good for long, said above the lists: an empty list may then not be empty.
import { announce } from "./announce";
import { getJson } from "./api";
import { getElement, make } from "./dom";
import { page, say, word, type Text } from "./page_data";
import { ageInWords } from "./time";

const EVERY_MS = 60_000;
const LATE_AFTER = 3; // rhythms without good data, as on the status page
const SHOWN = ["traffic.", "weather.", "parking.vacancy"]; // what the map and its lists show

let told = ""; // the feeds that listeners were told of: a greater age is no news

interface Feed { id: string; title: Text; age_s: number | null; every_s: number; error: string | null }

export function startSilent(): void {
  if (page.source === "recording") return; // nothing is asked for then
  void tell();
  setInterval(() => void tell(), EVERY_MS);
}

async function tell(): Promise<void> {
  const status = await getJson<{ feeds: Feed[] }>("/status.json").catch(() => null);
  if (status === null) return; // the connection says so itself
  const silent = status.feeds.filter((feed) => isSilent(feed) && SHOWN.some((start) => feed.id.startsWith(start)));
  const notice = getElement("silent", HTMLElement);
  notice.hidden = silent.length === 0;
  notice.replaceChildren(...silent.map((feed) => make("p", {}, make("strong", {}, say(feed.title)), word("incident.is"), feed.age_s === null ? word("silent.never") : word("silent.since", { age: ageInWords(feed.age_s) }))));
  const ids = silent.map(({ id }) => id).join(" ");
  if (ids !== told && ids !== "") announce(notice.textContent);
  told = ids;
}

function isSilent({ age_s, every_s, error }: Feed): boolean {
  return age_s === null ? error !== null : age_s > LATE_AFTER * every_s;
}
