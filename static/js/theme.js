"use strict";
// Runs before the first paint, so that a chosen theme never flashes.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const chosen = localStorage.getItem("evalsite-theme");
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  } catch {
    // Storage may be closed to us; the system's theme then holds.
  }
})();
