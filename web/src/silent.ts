// Feeds of the map that gave nothing good for long, said above the lists: an empty list may then not be empty.
import { announce } from "./announce";
import { getJson } from "./api";
import { getElement, make } from "./dom";
import { page, say, word, type Text } from "./page_data";
import { ageInWords } from "./time";

const EVERY_MS = 60_000;
const SHOWN = ["traffic.", "weather.", "parking.vacancy"]; // what the map and its lists show

let told = ""; // the feeds that listeners were told of: a greater age is no news

interface Feed { id: string; title: Text; state: string; silent: boolean; age_s: number | null; unchanged_s: number | null }

export function startSilent(): void {
  if (page.source === "recording") return; // nothing is asked for then
  void tell();
  setInterval(() => void tell(), EVERY_MS);
}

async function tell(): Promise<void> {
  const status = await getJson<{ feeds: Feed[] }>("/status.json").catch(() => null);
  if (status === null) return; // the connection says so itself
  const silent = status.feeds.filter((feed) => feed.silent && SHOWN.some((start) => feed.id.startsWith(start)));
  const notice = getElement("silent", HTMLElement);
  notice.hidden = silent.length === 0;
  notice.replaceChildren(...silent.map((feed) => make("p", {}, make("strong", {}, say(feed.title)), word("site.colon"), silence(feed))));
  const ids = silent.map(({ id }) => id).join(" ");
  if (ids !== told && ids !== "") announce(notice.textContent);
  told = ids;
}

function silence({ state, age_s, unchanged_s }: Feed): string {
  if (age_s === null) return word("silent.never");
  if (state === "unchanged") return word("silent.unchanged", { age: ageInWords(unchanged_s ?? 0) });
  return word("silent.since", { age: ageInWords(age_s) });
}
