// The slider back through the past day, and its play button.
import { getElement, make } from "./dom";
import { lookAt, onView } from "./moment";
import { word } from "./page_data";
import { clockTime, dayName, isoSeconds, MINUTE_MS } from "./time";
import { onShown } from "./traffic";

const STEP_MIN = 15;
const FRAME_MS = 700;
const ROOMY_PX = 300; // below that a day's name runs into the hours beside it
const TYPING_MS = 120; // a dragged slider asks once it rests

let now = Date.now();
let playing: number | undefined;
let waiting: number | undefined;

export function startPast(): void {
  const slider = getElement("past", HTMLInputElement);
  const button = getElement("past-play", HTMLButtonElement);
  slider.addEventListener("input", () => {
    describe(slider);
    clearTimeout(waiting);
    waiting = window.setTimeout(() => look(slider), TYPING_MS);
  });
  button.addEventListener("click", () => (playing === undefined ? play(slider, button) : pause(button)));
  onView(({ moment }) => {
    if ("departure" in moment) {
      slider.value = "0";
      pause(button);
    }
    describe(slider);
  });
  onShown(({ moment, speeds }) => {
    if ("departure" in moment && moment.departure === 0 && speeds.at !== null) {
      now = Date.parse(speeds.at);
      drawTicks(slider);
    }
  });
  drawTicks(slider);
  describe(slider);
}

function momentOf(slider: HTMLInputElement): number {
  return now + Number(slider.value) * MINUTE_MS;
}

function look(slider: HTMLInputElement): void {
  lookAt(Number(slider.value) === 0 ? { departure: 0 } : { at: isoSeconds(momentOf(slider)) });
}

function describe(slider: HTMLInputElement): void {
  const at = momentOf(slider);
  slider.setAttribute("aria-valuetext", Number(slider.value) === 0 ? word("past.now") : `${dayName(at)} ${clockTime(at)}`);
  slider.style.setProperty("--done", `${((Number(slider.value) - Number(slider.min)) / (0 - Number(slider.min))) * 100}%`);
}

function play(slider: HTMLInputElement, button: HTMLButtonElement): void {
  if (Number(slider.value) === 0) slider.value = slider.min;
  label(button, true);
  const step = () => {
    const next = Math.min(0, Number(slider.value) + STEP_MIN);
    slider.value = String(next);
    look(slider);
    if (next === 0) pause(button);
  };
  playing = window.setInterval(step, FRAME_MS);
  look(slider);
}

function pause(button: HTMLButtonElement): void {
  clearInterval(playing);
  playing = undefined;
  label(button, false);
}

function label(button: HTMLButtonElement, on: boolean): void {
  button.setAttribute("aria-pressed", String(on));
  button.setAttribute("aria-label", word(on ? "past.pause" : "past.play"));
  button.title = word(on ? "past.pause" : "past.play");
}

// A tick at every sixth hour of the clock, midnight with its day.
function drawTicks(slider: HTMLInputElement): void {
  const span = -Number(slider.min) * MINUTE_MS;
  const hour = 60 * MINUTE_MS;
  const roomy = slider.clientWidth > ROOMY_PX;
  const marks: HTMLElement[] = [];
  for (let at = Math.ceil((now - span) / hour) * hour; at < now; at += hour) {
    const clock = clockTime(at);
    if (Number(clock.slice(0, 2)) % 6 !== 0) continue;
    const mark = make("span", {}, clock === "00:00" && roomy ? dayName(at) : clock);
    mark.style.left = `${100 - ((now - at) / span) * 100}%`;
    marks.push(mark);
  }
  getElement("past-ticks", HTMLElement).replaceChildren(...marks);
}
