// Moments shown in Hong Kong's time, ages in words.
import { page, word } from "./page_data";

const ZONE = "Asia/Hong_Kong";
const clock = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(page.language === "en" ? "en-GB" : page.tag, { timeZone: ZONE, weekday: "short", day: "numeric", month: "short" });

export const MINUTE_MS = 60_000;

export function clockTime(moment: string | number): string {
  return clock.format(new Date(moment));
}

export function dayName(moment: string | number): string {
  return day.format(new Date(moment));
}

export function ageInWords(seconds: number): string {
  if (seconds < 90) return word("age.seconds", { n: Math.round(seconds) });
  if (seconds < 5400) return word("age.minutes", { n: Math.round(seconds / 60) });
  if (seconds < 129_600) return word("age.hours", { n: Math.round(seconds / 3600) });
  return word("age.days", { n: Math.round(seconds / 86_400) });
}

export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
