// Forms of deeds are sent without leaving the page: what was typed stays where it is when it is refused.
import { make } from "./dom";

const REFUSED = "refused"; // the id of what is said of the form that was sent last
const words = document.body.dataset;

export function startDeeds(): void {
  document.addEventListener("submit", (event) => {
    if (!(event.target instanceof HTMLFormElement) || !event.target.matches(".act, .decide")) return;
    event.preventDefault();
    void send(event.target);
  });
  tellWhatWasDone();
  fillFromAddress();
}

// Whoever listens hears it first, and a reload does not say it again.
function tellWhatWasDone(): void {
  const done = document.querySelector<HTMLElement>(".notice-done");
  if (done === null) return;
  done.focus();
  const address = new URL(location.href);
  address.searchParams.delete("done");
  history.replaceState(null, "", address);
}

// The map sends an operator here with the road that they look at: #open&road=…&direction=…
function fillFromAddress(): void {
  const [name, ...fields] = location.hash.slice(1).split("&");
  const deed = name === "open" ? document.getElementById(name) : null;
  if (!(deed instanceof HTMLDetailsElement)) return;
  deed.open = true;
  for (const [field, value] of new URLSearchParams(fields.join("&"))) {
    const input = deed.querySelector<HTMLInputElement>(`input[name="${CSS.escape(field)}"]:not([type="hidden"])`);
    if (input !== null) input.value = value;
  }
  deed.querySelector("select")?.focus();
}

async function send(form: HTMLFormElement): Promise<void> {
  const button = form.querySelector("button");
  if (button?.getAttribute("aria-disabled") === "true") return; // one click too many does nothing twice
  button?.setAttribute("aria-disabled", "true"); // not disabled: it keeps the focus
  forget(form);
  const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "application/problem+json", "accept-language": document.documentElement.lang } }).catch(() => null);
  if (answer?.redirected === true) {
    location.assign(answer.url);
    return;
  }
  await refuse(form, answer);
  button?.removeAttribute("aria-disabled");
}

async function refuse(form: HTMLFormElement, answer: Response | null): Promise<void> {
  const told = make("p", { id: REFUSED, class: "notice notice-bad", role: "alert", "data-testid": "refused" }, make("strong", {}, words["notDone"] ?? ""), " ");
  form.append(told);
  if (answer === null) {
    told.append(words["unreachable"] ?? "");
    return;
  }
  const { detail, where = "" } = (await answer.json()) as { detail: string; where?: string };
  const wrong = where.split(", ").map((name) => form.elements.namedItem(name)).filter((one) => one instanceof HTMLInputElement || one instanceof HTMLSelectElement);
  told.append(make("span", { lang: answer.headers.get("content-language") ?? "en" }, named(detail, where, wrong)));
  if (answer.status === 401) told.append(" ", make("a", { href: words["signIn"] ?? "" }, words["signInWords"] ?? ""));
  for (const field of wrong) {
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", REFUSED);
  }
  wrong[0]?.focus();
}

function forget(form: HTMLFormElement): void {
  document.getElementById(REFUSED)?.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
}

// A person knows the fields by their labels, the answer by their names.
function named(detail: string, where: string, wrong: (HTMLInputElement | HTMLSelectElement)[]): string {
  const labels = wrong.map((field) => field.labels?.[0]?.firstChild?.textContent?.trim() ?? "");
  if (labels.length === 0 || labels.includes("") || !detail.startsWith(where)) return detail;
  return labels.join(document.documentElement.lang === "en" ? ", " : "、") + detail.slice(where.length);
}
