// What could not be loaded, why, and a way to try again.
import { Problem } from "./api";
import { getElement } from "./dom";
import { word } from "./page_data";

const AGAIN_MS = 5000; // a server that starts or mends itself answers soon

const failing = new Map<string, { words: string; retry: () => void }>();

/** Runs ``load``; what fails is said, and tried again until it succeeds. */
export async function attempt(name: string, load: () => Promise<unknown>): Promise<void> {
  try {
    await load();
    failing.delete(name);
  } catch (failure) {
    const known = failure instanceof Problem || failure instanceof TypeError; // fetch's own failure is a TypeError
    if (!known) throw failure;
    const retry = () => void attempt(name, load);
    failing.set(name, { words: failure instanceof Problem ? failure.message : word("data.unreachable"), retry });
    setTimeout(() => { if (failing.get(name)?.retry === retry) retry(); }, AGAIN_MS);
  }
  show();
}

export function startProblem(): void {
  getElement("problem-retry", HTMLButtonElement).addEventListener("click", () => {
    for (const { retry } of failing.values()) retry();
  });
}

function show(): void {
  const reasons = [...new Set([...failing.values()].map(({ words }) => words))];
  getElement("problem", HTMLElement).hidden = reasons.length === 0;
  if (reasons.length > 0) getElement("problem-words", HTMLElement).textContent = word("data.failed", { reason: reasons.join("; ") });
}
