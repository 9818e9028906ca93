// What the server wrote into the page for its islands: words, language, assets, source.
import { readJson } from "./dom";

export type Language = "en" | "tc" | "sc";
export interface Text { en: string; tc: string; sc: string }

interface PageData {
  language: Language;
  tag: string;
  source: string;
  simulated: boolean;
  may_open?: boolean; // on the map, whether who is signed in may open an incident
  words: Record<string, string>;
  assets: { worker: string; coastline: string; places: string } | null;
  tiles: { url: string; attribution: string; logo: string | null } | null;
}

export const page = readJson<PageData>("page-data");

/** The word of that key, with {name} places filled. */
export function word(key: string, fill: Record<string, string | number> = {}): string {
  const pattern = page.words[key];
  if (pattern === undefined) throw new Error(`no word for ${key}`);
  return pattern.replace(/\{(\w+)\}/g, (_, name: string) => String(fill[name] ?? ""));
}

const FALLBACK: Record<Language, Language[]> = { en: ["en", "tc"], tc: ["tc", "sc", "en"], sc: ["sc", "tc", "en"] };

/** What there is to say of something, side by side. */
export function beside(...parts: string[]): string {
  return parts.filter((part) => part !== "").join(" · ");
}

/** A Text in the page's language, or in the nearest one that has words. */
export function say(text: Text): string {
  return FALLBACK[page.language].map((language) => text[language]).find((words) => words) ?? "";
}

/** The way a road leads, in the page's language; as the source wrote it where it is no point of the compass. */
export function sayDirection(direction: string): string {
  return page.words[`direction.${compassKey(direction)}`] ?? direction;
}

/** Where the wind comes from, likewise. */
export function sayWind(from: string): string {
  return page.words[`wind.${compassKey(from)}`] ?? from;
}

// "North East", "Northeast" and "north-east " are one.
function compassKey(words: string): string {
  return words.toLowerCase().replace(/[^a-z]/g, "");
}
