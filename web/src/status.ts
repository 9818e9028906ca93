// The status page keeps itself true: it asks /status.json again every few seconds.
import { getJson } from "./api";
import { getElement, make } from "./dom";
import { say, word, type Text } from "./page_data";
import { ageInWords, agoInWords, clockTime, dayName } from "./time";

const EVERY_MS = 5000;

interface Feed { id: string; title: Text; state: string; age_s: number | null; unchanged_s: number | null; every_s: number; error: Text | null; set_aside: number; records: number }
interface SetAside { id: string; feed: string; at: string; reason: Text; where: Text; remedy: Text; bytes: number; href: string }
interface Failure { work: string; times: number; age_s: number; error: string }
interface Status { failures: Failure[]; now: string; backfill: { done: number; total: number; label: Text | string } | null; feeds: Feed[]; set_aside: SetAside[] }

// On a phone a row is a card, and each cell says by itself what it is.
function cell(name: string, ...children: (Node | string)[]): HTMLTableCellElement {
  return make("td", { "data-label": word(`status.${name}`) }, ...children);
}

function number(name: string, value: number): HTMLTableCellElement {
  return make("td", { "data-label": word(`status.${name}`), class: "number" }, String(value));
}

// What needs a look comes first; among equals the server's order stays.
function urgency({ state }: Feed): number {
  return state === "ok" ? 2 : state === "waiting" ? 1 : 0;
}

function unchangedFor({ state, unchanged_s }: Feed): Node[] {
  if (state !== "unchanged") return [];
  return [make("br"), make("span", { class: "quiet" }, word("status.unchanged_for", { age: ageInWords(unchanged_s ?? 0) }))];
}

function feedRow(feed: Feed): HTMLTableRowElement {
  return make("tr", { "data-feed": feed.id },
    make("th", { scope: "row" }, say(feed.title), make("br"), make("code", {}, feed.id)),
    cell("state", make("span", { class: `tag tag-${feed.state}` }, word(`status.state_${feed.state}`))),
    cell("age", feed.age_s === null ? word("status.never") : agoInWords(feed.age_s), ...unchangedFor(feed)),
    cell("every", ageInWords(feed.every_s)),
    number("records", feed.records),
    number("aside", feed.set_aside),
    make("td", { "data-label": word("status.error"), class: "error", ...(feed.error === null ? {} : spoken(feed.error)) },
      feed.error === null ? "" : say(feed.error)));
}

/** What was said in English alone is marked as such. */
function spoken(text: Text): { lang?: string } {
  return text.tc === "" ? { lang: "en" } : {};
}

function failureRow(one: Failure): HTMLTableRowElement {
  return make("tr", {},
    make("th", { scope: "row" }, make("code", {}, one.work)),
    cell("last_failed", agoInWords(one.age_s)),
    number("times", one.times),
    make("td", { "data-label": word("status.error"), class: "error", lang: "en" }, one.error));
}

function asideRow(one: SetAside): HTMLTableRowElement {
  const where = one.where.en === "" ? [] : [make("br"), make("span", { class: "quiet" }, say(one.where))];
  return make("tr", {},
    cell("at", make("time", { datetime: one.at }, `${dayName(one.at)} ${clockTime(one.at)}`)),
    cell("feed", make("code", {}, one.feed)),
    cell("reason", make("span", spoken(one.reason), say(one.reason)), ...where),
    cell("remedy", make("span", spoken(one.remedy), say(one.remedy))),
    cell("file", make("a", { href: one.href, download: "" }, word("status.download", { size: sizeWords(one.bytes) }))));
}

function sizeWords(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : bytes < 1_048_576 ? `${Math.round(bytes / 1024)} KiB` : `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

function show(status: Status): void {
  const ok = status.feeds.filter((feed) => feed.state === "ok").length;
  const summary = word("status.summary_ok", { ok, total: status.feeds.length });
  const element = getElement("status-summary", HTMLElement);
  if (element.textContent !== summary) element.textContent = summary; // a live region: spoken only when it changes
  getElement("status-now", HTMLElement).textContent = clockTime(status.now);
  getElement("feeds", HTMLElement).replaceChildren(...[...status.feeds].sort((a, b) => urgency(a) - urgency(b)).map(feedRow));
  getElement("failures-frame", HTMLElement).hidden = status.failures.length === 0;
  getElement("failures", HTMLElement).replaceChildren(...status.failures.map(failureRow));
  getElement("nothing-aside", HTMLElement).hidden = status.set_aside.length > 0;
  getElement("aside-frame", HTMLElement).hidden = status.set_aside.length === 0;
  const body = getElement("set-aside", HTMLElement);
  if (!body.contains(document.activeElement)) body.replaceChildren(...status.set_aside.map(asideRow));
  const backfill = getElement("backfill", HTMLElement);
  backfill.hidden = status.backfill === null;
  if (status.backfill !== null) {
    const { done, total, label } = status.backfill;
    getElement("backfill-words", HTMLElement).textContent = `${typeof label === "string" ? label : say(label)} ${done} / ${total}`;
    const bar = getElement("backfill-progress", HTMLElement) as HTMLProgressElement;
    bar.max = total;
    bar.value = done;
  }
}

async function refresh(): Promise<void> {
  try {
    show(await getJson<Status>("/status.json"));
    document.body.classList.remove("is-lost");
  } catch {
    // The figures on the page grow old: say so, and keep asking.
    document.body.classList.add("is-lost");
    getElement("status-summary", HTMLElement).textContent = word("stream.lost_short");
  }
  setTimeout(() => void refresh(), EVERY_MS);
}

void refresh();
