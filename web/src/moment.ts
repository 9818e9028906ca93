// What the page looks at: one moment (a departure ahead or a time gone by) and one chosen road.
export const DEPARTURES = [0, 15, 30, 45, 60, 75, 90] as const;

export type Moment = { departure: number } | { at: string };

export interface View { moment: Moment; road: string | null }

type Listener = (view: View, changed: { moment: boolean; road: boolean }) => void;

const listeners: Listener[] = [];
let view: View = { moment: { departure: 0 }, road: null };

export function currentView(): View {
  return view;
}

export function onView(listener: Listener): void {
  listeners.push(listener);
}

export function lookAt(moment: Moment): void {
  change({ ...view, moment });
}

export function chooseRoad(road: string | null): void {
  change({ ...view, road });
}

export function momentQuery(moment: Moment): string {
  return "at" in moment ? `at=${encodeURIComponent(moment.at)}` : `departure=${moment.departure}`;
}

function change(next: View): void {
  const changed = { moment: momentQuery(next.moment) !== momentQuery(view.moment), road: next.road !== view.road };
  view = next;
  for (const listener of listeners) listener(view, changed);
}
