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

  /** Whether a single key may act: nobody writes, no other key is held, and they are not switched off. */
  acts(event) {
    const held = event.ctrlKey || event.metaKey || event.altKey;
    return !held && !event.target.closest("input, select, textarea, dialog") && evalsite.kept("evalsite-keys") !== "off";
  },

  /** What the reader has chosen; null where nothing is kept. */
  kept(name) {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  },

  /** Keep a choice, or with null forget it; where that is not allowed it holds for this page only. */
  keep(name, value) {
    try {
      if (value === null) localStorage.removeItem(name);
      else localStorage.setItem(name, value);
    } catch {
      // Nothing is kept then.
    }
  },

  /** What the address chooses; a plain anchor such as #humaneval-1a2b3c chooses nothing. */
  chosen: () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : ""),

  /** Put a choice into the address, which is no step to go back from. */
  choose(state) {
    const text = state.toString();
    history.replaceState(history.state, "", text ? `#${text}` : location.pathname + location.search);
  },

  /** What is chosen with a change to it: a key's value, or an empty one where it is chosen no longer. */
  changed(change) {
    const state = evalsite.chosen();
    for (const [key, value] of Object.entries(change)) {
      if (value) state.set(key, value);
      else state.delete(key);
    }
    return state;
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
    evalsite.keep("evalsite-theme", next === "auto" ? null : next);
    label();
    document.dispatchEvent(new CustomEvent("themechange"));
  });
  label();

  document.addEventListener("keydown", (event) => {
    if (!evalsite.acts(event)) return;
    if (event.key === "?") showKeys();
    const step = [...document.querySelectorAll("[data-key]")].find((link) => link.dataset.key === event.key);
    if (step) step.click();
  });

  // All keys, and a switch for those that act alone.
  const KEYS = {
    "/": "search", "[ ]": "the problem, or the flip, before and after this one",
    "{ }": "the failure before and after this one", "← ↑ → ↓": "from cell to cell of a run's problems",
    "?": "these keys", Esc: "close what is open",
  };
  let panel = null;
  function showKeys() {
    if (!panel) {
      panel = evalsite.make("dialog", { class: "keys", "aria-labelledby": "keys-h" });
      const list = evalsite.make("dl");
      for (const [key, what] of Object.entries(KEYS)) {
        const term = evalsite.make("dt");
        term.append(evalsite.make("kbd", {}, key));
        list.append(term, evalsite.make("dd", {}, what));
      }
      const label = evalsite.make("label");
      const box = evalsite.make("input", { type: "checkbox" });
      box.checked = evalsite.kept("evalsite-keys") !== "off";
      box.addEventListener("change", () => evalsite.keep("evalsite-keys", box.checked ? null : "off"));
      label.append(box, " Single keys act");
      const close = evalsite.make("button", { type: "button", class: "button" }, "Close");
      close.addEventListener("click", () => panel.close());
      panel.append(evalsite.make("h2", { id: "keys-h" }, "Keys"), list, label, close);
      document.body.append(panel);
    }
    panel.showModal();
  }
  document.querySelector("[data-keys]").addEventListener("click", showKeys);

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
