// Loaded before the first paint: a chosen theme is set on <html> so that nothing flashes.
const chosen = localStorage.getItem("lionrock-theme");
if (chosen === "light" || chosen === "dark") document.documentElement.dataset["theme"] = chosen;
