// Which moment the map shows and how old that is, kept true as time goes by.
import { announce } from "./announce";
import { getElement } from "./dom";
import { page, say, word } from "./page_data";
import { agoInWords, clockTime, dateName } from "./time";
import { currentShown, freshestAgeS, onShown, type Shown } from "./traffic";

const TICK_MS = 5000;
let last = "";

export function startMomentWords(): void {
  onShown((shown) => {
    describe(shown);
    notice(shown);
    const words = momentSaid(shown);
    if (words !== last) announce(words);
    last = words;
  });
  setInterval(() => {
    const shown = currentShown();
    if (shown !== null) describe(shown);
  }, TICK_MS);
}

// Without the age: a listener hears a new moment, not every tick of its growing older.
function momentSaid({ moment, speeds }: Shown): string {
  if (speeds.at === null) return word("data.none");
  const what = "at" in moment ? word("data.past", { day: dateName(speeds.at) }) : moment.departure > 0 ? word("data.forecast") : word("past.now");
  return `${what}: ${clockTime(speeds.at)}`;
}

function describe(shown: Shown): void {
  const { moment, speeds } = shown;
  const time = getElement("moment-time", HTMLElement);
  const age = getElement("moment-age", HTMLElement);
  age.classList.remove("is-stale");
  if (speeds.at === null) {
    time.textContent = word("data.none");
    age.textContent = speeds.reason === null ? "" : say(speeds.reason);
  } else if ("at" in moment) {
    time.textContent = clockTime(speeds.at);
    age.textContent = word("data.past", { day: dateName(speeds.at) });
  } else if (moment.departure > 0) {
    time.textContent = clockTime(speeds.at);
    age.textContent = `${word("data.forecast")}${speeds.issued_at === null ? "" : ` · ${word("data.issued", { time: clockTime(speeds.issued_at) })}`}`;
  } else {
    const seconds = freshestAgeS(shown);
    const old = seconds === null ? "" : ` · ${agoInWords(seconds, "data.old")}`;
    time.textContent = clockTime(speeds.at);
    age.textContent = page.source === "recording" ? `${dateName(speeds.at)}${old}` : `${word("data.of", { time: clockTime(speeds.at) })}${old}`;
    age.classList.toggle("is-stale", seconds !== null && seconds > speeds.stale_after_s);
  }
}

function notice({ speeds }: Shown): void {
  const element = getElement("notice", HTMLElement);
  const words = speeds.state === "learning" ? word("data.learning", { days: speeds.usual_days })
    : speeds.state === "no data" ? (speeds.reason === null ? word("data.none") : say(speeds.reason)) : "";
  element.textContent = words;
  element.hidden = words === "";
}
