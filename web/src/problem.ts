// What could not be loaded, why, and a way to try again.
import { Problem } from "./api";
import { getElement } from "./dom";
import { word } from "./page_data";

const failing = new Map<string, { words: string; retry: () => void }>();

/** Runs ``load``; what fails is said until it succeeds. */
export async function attempt(name: string, load: () => Promise<unknown>): Promise<void> {
  try {
    await load();
    failing.delete(name);
  } catch (failure) {
    const known = failure instanceof Problem || failure instanceof TypeError; // fetch's own failure is a TypeError
    if (!known) throw failure;
    failing.set(name, { words: failure instanceof Problem ? failure.message : word("data.unreachable"), retry: () => void attempt(name, load) });
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
