// How fast a road runs against its free flow, in five paces; the colours are the style sheet's.
export const PACES = ["jammed", "slow", "heavy", "steady", "free"] as const;
export type Pace = (typeof PACES)[number] | "unknown";

// Upper bounds of speed / free flow; level-of-service bands of the Highway Capacity Manual for
// urban streets (ratio to free flow 0.30, 0.50, 0.67, 0.85).
export const PACE_BOUNDS = [0.3, 0.5, 0.67, 0.85] as const;

export function ratioOf(speedKmh: number | null | undefined, freeFlowKmh: number | null): number | null {
  return speedKmh === null || speedKmh === undefined || freeFlowKmh === null || freeFlowKmh <= 0 ? null : speedKmh / freeFlowKmh;
}

export function paceOf(ratio: number | null): Pace {
  if (ratio === null) return "unknown";
  const index = PACE_BOUNDS.findIndex((bound) => ratio < bound);
  return PACES[index === -1 ? PACES.length - 1 : index] ?? "unknown";
}

/** A colour of the style sheet, resolved for the theme that is on now. */
export function themeColour(name: string): string {
  const probe = document.getElementById("colour-probe");
  if (probe === null) throw new Error("the page has no #colour-probe");
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}
