// Forms that ask for a place offer a map; what draws it is fetched only when somebody wants it.
export function startPlacesAsked(): void {
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLButtonElement>("[data-pick] > button") : null;
    const fieldset = button?.closest<HTMLElement>("[data-pick]");
    if (button !== null && fieldset !== null && fieldset !== undefined) void show(button, fieldset);
  });
}

async function show(button: HTMLButtonElement, fieldset: HTMLElement): Promise<void> {
  button.hidden = true;
  try {
    const { openPicker } = await import("./pick_place");
    openPicker(fieldset);
  } catch (failure) {
    console.warn("no map:", failure);
    fieldset.querySelector<HTMLElement>("[data-pick-failed]")?.removeAttribute("hidden");
  }
}
