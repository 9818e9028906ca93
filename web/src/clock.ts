// The source's own time: real, the twin's (which may run faster), or the moment at which a recording stands.
import { page } from "./page_data";

const SURE_MS = 10_000; // two answers this far apart tell how fast the source's time goes

interface Heard { source: number; here: number }

let first: Heard | null = null;
let last: Heard | null = null;
let pace = page.source === "recording" ? 0 : 1;

/** Takes note of the source's time that an answer just told. */
export function hearClock(now: string): void {
  const heard = { source: Date.parse(now), here: performance.now() };
  first ??= heard;
  if (pace !== 0 && heard.here - first.here > SURE_MS) pace = Math.max(1, (heard.source - first.source) / (heard.here - first.here));
  if (last === null || heard.source > last.source) last = heard;
}

/** The source's time now, in milliseconds since 1970; null before the first answer. */
export function sourceNow(): number | null {
  return last === null ? null : last.source + (performance.now() - last.here) * pace;
}
