// Live updates: the server says what changed, the page asks again; a lost connection is said.
import { announce } from "./announce";
import { openStream } from "./changes";
import { getElement } from "./dom";
import { page, word } from "./page_data";
import { clockTime } from "./time";
import { currentShown } from "./traffic";

const RETRY_MS = 3000;

interface Change { datasets: string[]; at: string }
type State = "connecting" | "live" | "lost";

let state: State = "connecting";

export function startStream(changed: (datasets: string[]) => void): void {
  const stream = openStream();
  stream.addEventListener("open", () => {
    if (state === "lost") {
      announce(word("stream.back"));
      changed([]); // whatever changed meanwhile
    }
    tell("live");
  });
  stream.addEventListener("changed", (event) => {
    changed((JSON.parse((event as MessageEvent<string>).data) as Change).datasets);
  });
  stream.addEventListener("error", () => {
    tell("lost");
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => startStream(changed), RETRY_MS);
  });
  window.addEventListener("pagehide", () => stream.close(), { once: true });
}

function tell(next: State): void {
  if (next === state) return;
  state = next;
  const element = getElement("connection", HTMLElement);
  const at = currentShown()?.speeds.at;
  element.dataset["state"] = next;
  const words = next === "lost" ? (at ? word("stream.lost", { time: clockTime(at) }) : word("stream.lost_short")) : word(next === "live" && page.source === "recording" ? "stream.connected" : `stream.${next}`);
  getElement("connection-words", HTMLElement).textContent = words;
  element.title = words;
  if (next === "lost") announce(words);
}
