"use strict";
// Every page: what needs a script appears, themes switch, keys step through problems.
const evalsite = {
  root: document.body.dataset.root,

  /** Tell screen readers what happened. */
  say(text) {
    document.getElementById("said").textContent = text;
  },

  /** An element with text and attributes; text is never read as markup. */
  make(name, attributes = {}, text = "") {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.textContent = text;
    return element;
  },

  typing(event) {
    return event.target.closest("input, select, textarea") !== null;
  },
};

(() => {
  for (const element of document.querySelectorAll("[data-js]")) element.hidden = false;

  const themes = ["auto", "light", "dark"];
  const button = document.querySelector("[data-theme-switch]");
  const current = () => document.documentElement.dataset.theme ?? "auto";
  const label = () => { button.textContent = `Theme: ${current()}`; };
  button.addEventListener("click", () => {
    const next = themes[(themes.indexOf(current()) + 1) % themes.length];
    if (next === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    try {
      if (next === "auto") localStorage.removeItem("evalsite-theme");
      else localStorage.setItem("evalsite-theme", next);
    } catch {
      // The choice then holds for this page only.
    }
    label();
    document.dispatchEvent(new CustomEvent("themechange"));
  });
  label();

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || evalsite.typing(event)) return;
    const step = [...document.querySelectorAll("[data-key]")].find((link) => link.dataset.key === event.key);
    if (step) step.click();
  });

  // A link into what is folded away opens it.
  function open() {
    const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    for (let fold = target?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }
  addEventListener("hashchange", open);
  open();

  // Opened from a disk, a link to a folder would show its listing.
  if (location.protocol === "file:") {
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (!link || link.origin !== location.origin || !link.pathname.endsWith("/")) return;
      link.pathname += "index.html";
    }, { capture: true });
  }
})();
