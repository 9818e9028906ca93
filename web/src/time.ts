// Moments shown in Hong Kong's time, ages in words.
import { page, word } from "./page_data";

const ZONE = "Asia/Hong_Kong";
const clock = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(page.language === "en" ? "en-GB" : page.tag, { timeZone: ZONE, weekday: "short", day: "numeric", month: "short" });

const date = new Intl.DateTimeFormat(page.language === "en" ? "en-GB" : page.tag, {
  timeZone: ZONE, weekday: "short", day: "numeric", month: "short", ...(page.source === "recording" ? { year: "numeric" } : {}),
});
const calendar = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });

export const MINUTE_MS = 60_000;

export function clockTime(moment: string | number): string {
  return clock.format(new Date(moment));
}

export function dayName(moment: string | number): string {
  return day.format(new Date(moment));
}

/** The day with its year where it may be another one. */
export function dateName(moment: string | number): string {
  return date.format(new Date(moment));
}

/** The day of Hong Kong's calendar, as 2023-09-02. */
export function calendarDay(moment: string | number): string {
  return calendar.format(new Date(moment));
}

const OFFSET = /(Z|[+-]\d\d:?\d\d)$/i;

/** A moment that somebody wrote, Hong Kong's time where it names no zone, as the server wants it; null for no moment. */
export function readMoment(words: string): string | null {
  const ms = Date.parse(OFFSET.test(words) || !words.includes("T") ? words : `${words}+08:00`);
  return Number.isNaN(ms) ? null : isoSeconds(ms);
}

const CLOCKS_DIFFER_S = 60; // by so much nobody is told

/** A length of time in the unit that fits it; what is ahead of the clock says so. */
export function ageInWords(seconds: number): string {
  if (seconds < -CLOCKS_DIFFER_S) return word("age.ahead", { age: ageInWords(-seconds) });
  if (seconds < 90) return word("age.seconds", { n: Math.max(0, Math.round(seconds)) });
  if (seconds < 5400) return word("age.minutes", { n: Math.round(seconds / 60) });
  if (seconds < 129_600) return word("age.hours", { n: Math.round(seconds / 3600) });
  return word("age.days", { n: Math.round(seconds / 86_400) });
}

/** How long ago, as "13 min ago"; what is ahead of the clock as "2 h ahead of this clock". */
export function agoInWords(seconds: number, as: "status.ago" | "data.old" = "status.ago"): string {
  const age = ageInWords(seconds);
  return seconds < -CLOCKS_DIFFER_S ? age : word(as, { age });
}

export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
