// The four lists behind their tabs (the ARIA tabs pattern: arrows move, Home and End jump).
import { getElement } from "./dom";

const listeners: ((name: string) => void)[] = [];

export function onTab(listener: (name: string) => void): void {
  listeners.push(listener);
}

export function startTabs(): void {
  const list = getElement("tabs", HTMLElement);
  const tabs = [...list.querySelectorAll<HTMLButtonElement>('[role="tab"]')];
  list.addEventListener("click", (event) => {
    const tab = tabs.find((one) => one.contains(event.target as Node));
    if (tab !== undefined) select(tab.id.replace("tab-", ""));
  });
  list.addEventListener("keydown", (event) => {
    const here = tabs.findIndex((tab) => tab === document.activeElement);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: tabs.length - 1 }[event.key];
    const tab = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (tab === undefined) return;
    event.preventDefault();
    select(tab.id.replace("tab-", ""));
    tab.focus();
  });
}

export function select(name: string): void {
  for (const tab of document.querySelectorAll<HTMLButtonElement>('#tabs [role="tab"]')) {
    const on = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    getElement(tab.getAttribute("aria-controls") ?? "", HTMLElement).hidden = !on;
  }
  for (const listener of listeners) listener(name);
}

export function setCount(name: string, count: number): void {
  getElement(`count-${name}`, HTMLElement).textContent = count === 0 ? "" : String(count);
}
