// Back in time: the past 24 hours or a chosen day, a slider through it, and its play button.
import { getJson, TRAFFIC, type Days } from "./api";
import { hearClock, sourceNow } from "./clock";
import { getElement, make } from "./dom";
import { currentView, lookAt, onView } from "./moment";
import { word } from "./page_data";
import { calendarDay, clockTime, dateName, dayName, isoSeconds, MINUTE_MS } from "./time";
import { onShown } from "./traffic";

const STEP_MIN = 15;
const DAY_MIN = 1440;
const FRAME_MS = 700;
const ROOMY_PX = 300; // below that a day's name runs into the hours beside it
const TYPING_MS = 120; // a dragged slider asks once it rests
const ROLLING = ""; // the choice that is no day

let base = 0; // the moment from which the slider counts: the source's now, or the chosen day's midnight
let playing: number | undefined;
let waiting: number | undefined; // the slider has been moved, and rests not yet

const slider = getElement("past", HTMLInputElement);
const choice = getElement("past-day", HTMLSelectElement);
const button = getElement("past-play", HTMLButtonElement);

export function startPast(): void {
  slider.addEventListener("input", () => {
    describe();
    clearTimeout(waiting);
    waiting = window.setTimeout(look, TYPING_MS);
  });
  choice.addEventListener("change", () => chooseDay());
  button.addEventListener("click", () => (playing === undefined ? play() : pause()));
  onView((_, changed) => { if (changed.moment) follow(); });
  onShown(({ moment }) => { if ("departure" in moment && waiting === undefined) follow(); });
  window.addEventListener("resize", drawTicks);
}

/** Learns the source's time and which days can be looked at. */
export async function loadDays(): Promise<void> {
  const { now, days } = await getJson<Days>(`${TRAFFIC}/days`);
  hearClock(now);
  const kept = choice.value;
  choice.replaceChildren(make("option", { value: ROLLING }, word("past.title")), ...[...days].reverse().map(option));
  if ([...choice.options].some(({ value }) => value === kept)) choice.value = kept;
  follow();
}

function option(day: string): HTMLOptionElement {
  return make("option", { value: day }, dateName(midnight(day)));
}

function midnight(day: string): number {
  return Date.parse(`${day}T00:00:00+08:00`);
}

// Puts the slider where the page looks: into the past 24 hours where it can, else into that day.
function follow(): void {
  const now = sourceNow();
  if (now === null) return;
  const { moment } = currentView();
  if ("departure" in moment) {
    pause();
    stretch(ROLLING, now);
    slider.value = "0";
  } else {
    const at = Date.parse(moment.at);
    const recent = at <= now && at > now - DAY_MIN * MINUTE_MS;
    stretch(choice.value === ROLLING && recent ? ROLLING : calendarDay(at), now);
    slider.value = String(Math.round((at - base) / MINUTE_MS));
  }
  describe();
}

// Spans the slider over the past 24 hours, or over a day as far as it has come.
function stretch(day: string, now: number): void {
  if (day !== ROLLING && ![...choice.options].some(({ value }) => value === day)) choice.append(option(day)); // looked at, though without data
  choice.value = day;
  base = day === ROLLING ? Math.floor(now / MINUTE_MS) * MINUTE_MS : midnight(day);
  const whole = Math.floor((now - base) / MINUTE_MS / STEP_MIN) * STEP_MIN;
  slider.min = String(day === ROLLING ? -DAY_MIN : 0);
  slider.max = String(day === ROLLING ? 0 : Math.max(0, Math.min(DAY_MIN - STEP_MIN, whole)));
  drawTicks();
}

// Another day is looked at by the same clock, so that two days can be compared.
function chooseDay(): void {
  const now = sourceNow();
  if (now === null) return;
  pause();
  const day = choice.value;
  if (day === ROLLING) { lookAt({ departure: 0 }); return; }
  const { moment } = currentView();
  const shown = "at" in moment ? Date.parse(moment.at) : now;
  const minutes = Math.floor((shown - midnight(calendarDay(shown))) / MINUTE_MS / STEP_MIN) * STEP_MIN;
  stretch(day, now);
  lookAt({ at: isoSeconds(midnight(day) + Math.min(minutes, Number(slider.max)) * MINUTE_MS) });
}

function momentOf(): number {
  return base + Number(slider.value) * MINUTE_MS;
}

function isNow(): boolean {
  return choice.value === ROLLING && Number(slider.value) === 0;
}

function look(): void {
  clearTimeout(waiting);
  waiting = undefined;
  lookAt(isNow() ? { departure: 0 } : { at: isoSeconds(momentOf()) });
}

function describe(): void {
  const at = momentOf();
  const [min, max] = [Number(slider.min), Number(slider.max)];
  slider.setAttribute("aria-valuetext", isNow() ? word("past.now") : `${dayName(at)} ${clockTime(at)}`);
  slider.style.setProperty("--done", `${max === min ? 0 : ((Number(slider.value) - min) / (max - min)) * 100}%`);
}

function play(): void {
  if (slider.value === slider.max) slider.value = slider.min;
  label(true);
  const step = () => {
    slider.value = String(Number(slider.value) + STEP_MIN);
    const over = slider.value === slider.max;
    look();
    if (over) pause();
  };
  playing = window.setInterval(step, FRAME_MS);
  look();
}

function pause(): void {
  clearInterval(playing);
  playing = undefined;
  label(false);
}

function label(on: boolean): void {
  button.setAttribute("aria-pressed", String(on));
  button.setAttribute("aria-label", word(on ? "past.pause" : "past.play"));
  button.title = word(on ? "past.pause" : "past.play");
}

// A tick at every sixth hour of the clock, midnight with its day.
function drawTicks(): void {
  const [from, to] = [base + Number(slider.min) * MINUTE_MS, base + Number(slider.max) * MINUTE_MS];
  const hour = 60 * MINUTE_MS;
  const roomy = slider.clientWidth > ROOMY_PX;
  const marks: HTMLElement[] = [];
  for (let at = Math.ceil(from / hour) * hour; at <= to; at += hour) {
    const clock = clockTime(at);
    if (Number(clock.slice(0, 2)) % 6 !== 0) continue;
    const mark = make("span", {}, clock === "00:00" && roomy && choice.value === ROLLING ? dayName(at) : clock);
    mark.style.left = `${to === from ? 0 : ((at - from) / (to - from)) * 100}%`;
    marks.push(mark);
  }
  getElement("past-ticks", HTMLElement).replaceChildren(...marks);
}
