// What the page looks at: one moment (a departure ahead or a time gone by), one measure and one chosen road.
export const DEPARTURES = [0, 15, 30, 45, 60, 75, 90] as const;

export type Moment = { departure: number } | { at: string };
export type Measure = "speed" | "volume";

export interface View { moment: Moment; measure: Measure; road: string | null }

type Listener = (view: View, changed: { moment: boolean; measure: boolean; road: boolean }) => void;

const listeners: Listener[] = [];
let fresh: View = { moment: { departure: 0 }, measure: "speed", road: null };
let view = fresh;

export function currentView(): View {
  return view;
}

export function onView(listener: Listener): void {
  listeners.push(listener);
}

export function lookAt(moment: Moment): void {
  change({ ...view, moment });
}

export function chooseMeasure(measure: Measure): void {
  change({ ...view, measure });
}

export function chooseRoad(road: string | null): void {
  change({ ...view, road });
}

/** Looks at what a fresh page looks at. */
export function beginAnew(): void {
  change(fresh);
}

/** From here on a fresh page looks at this moment. */
export function beginAt(moment: Moment): void {
  fresh = { ...fresh, moment };
}

export function isAhead(moment: Moment): boolean {
  return "departure" in moment && moment.departure > 0;
}

export function momentQuery(moment: Moment): string {
  return "at" in moment ? `at=${encodeURIComponent(moment.at)}` : `departure=${moment.departure}`;
}

function change(next: View): void {
  const changed = { moment: momentQuery(next.moment) !== momentQuery(view.moment), measure: next.measure !== view.measure, road: next.road !== view.road };
  view = next;
  for (const listener of listeners) listener(view, changed);
}
