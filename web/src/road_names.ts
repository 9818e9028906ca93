// Inputs that ask for a road offer the names of those that the city knows.
import { make } from "./dom";

interface Named { features: { properties: { kind: string; name: Record<"en" | "tc" | "sc", string> } }[] }

const LANGUAGES: Record<string, "en" | "tc" | "sc"> = { "zh-Hant-HK": "tc", "zh-Hans": "sc" };

export function startRoadNames(): void {
  document.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLInputElement && "roads" in target.dataset && !target.hasAttribute("list")) void offer(target);
  });
}

async function offer(input: HTMLInputElement): Promise<void> {
  input.setAttribute("list", "road-names");
  if (document.getElementById("road-names") !== null) return;
  const list = make("datalist", { id: "road-names" });
  document.body.append(list);
  const answer = await fetch("/api/v1/traffic/network").catch(() => null);
  if (answer === null || !answer.ok) return; // a name can be typed all the same
  const { features } = (await answer.json()) as Named;
  const language = LANGUAGES[document.documentElement.lang] ?? "en";
  const roads = features.filter(({ properties }) => properties.kind === "segment"); // a detector is no road
  const names = new Set(roads.map(({ properties }) => properties.name[language]).filter((name) => name !== ""));
  list.append(...[...names].sort((a, b) => a.localeCompare(b)).map((name) => make("option", { value: name })));
}
