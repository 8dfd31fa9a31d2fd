"use strict";
// Search over all that the site has. The index is fetched when the field is first used.
(() => {
  const form = document.querySelector(".search");
  const field = form.querySelector("input");
  const list = document.getElementById("hits");
  const LIMIT = 12;
  let index = null;
  let selected = -1;
  let hurried = false; // Enter came before the index

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || !evalsite.acts(event)) return;
    event.preventDefault();
    field.focus();
  });

  // A script rather than a request for JSON: it also works on pages opened from a disk.
  function load() {
    if (index !== null) return;
    index = [];
    const script = evalsite.make("script", { src: document.body.dataset.search });
    script.addEventListener("load", () => {
      index = globalThis.evalsiteIndex;
      show();
      if (hurried) go(list.children[selected]);
    });
    script.addEventListener("error", () => evalsite.say("The search index cannot be loaded."));
    document.head.append(script);
  }

  /** Lower is better; null is no match. */
  function found(text, word) {
    const at = text.indexOf(word);
    if (at < 0) return null;
    const starts = at === 0 || !/[a-z0-9]/.test(text[at - 1]);
    const ends = at + word.length === text.length || !/[a-z0-9]/.test(text[at + word.length]);
    return (starts ? 0 : 2) + (ends ? 0 : 1);
  }

  /** Every word has to occur; what a prompt says counts less than a name. */
  function rank(entry, words) {
    let score = 0;
    for (const word of words) {
      const named = found(entry.words, word);
      const asked = named === null && entry.asks && word.length > 2 ? found(entry.asks, word) : null;
      if (named === null && asked === null) return null;
      score += named ?? asked + 4;
    }
    return score;
  }

  /** A run's failures of a class, and a problem in a run, where some words mean the one and some the other. */
  function* together(words) {
    if (words.length === 0) return;
    const problems = index.filter((entry) => entry.sets);
    for (const run of index.filter((entry) => entry.failed)) {
      const rest = words.filter((word) => found(run.words, word) === null);
      if (rest.length === 0) continue;
      for (const [kind, number] of Object.entries(run.failed)) {
        const named = `${kind.replaceAll("_", " ")} failures`;
        if (rest.every((word) => named.includes(word))) {
          yield {
            title: `${kind.replaceAll("_", " ")}: ${run.title}`,
            kind: `${number.toLocaleString("en")} failed`,
            path: `${run.path}failures.html#class=${kind}`,
          };
        }
      }
      if (rest.length === words.length) continue;
      for (const problem of problems) {
        if (problem.sets.includes(run.set) && rest.every((word) => found(problem.words, word) !== null)) {
          yield { title: `${problem.title}: ${run.title}`, kind: problem.kind, path: run.path + problem.path.slice("problems/".length) };
        }
      }
    }
  }

  function* first(items, most) {
    for (const item of items) {
      if (most <= 0) return;
      most -= 1;
      yield item;
    }
  }

  function show() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const hits = words.length === 0 ? [] : index
      .map((entry, order) => ({ entry, order, score: rank(entry, words) }))
      .filter((hit) => hit.score !== null)
      .sort((a, b) => a.score - b.score || a.order - b.order)
      .slice(0, LIMIT);
    hits.push(...[...first(together(words), LIMIT - hits.length)].map((entry) => ({ entry })));
    list.replaceChildren(...hits.map(({ entry }, number) => {
      const item = evalsite.make("li", { role: "option", id: `hit-${number}`, "data-path": entry.path });
      item.append(evalsite.make("span", {}, entry.title), evalsite.make("span", { class: "note" }, entry.kind));
      return item;
    }));
    if (words.length > 0 && hits.length === 0) {
      list.append(evalsite.make("li", { role: "option", "aria-disabled": "true" }, "Nothing found"));
    }
    list.hidden = words.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
    select(hits.length > 0 ? 0 : -1);
    if (words.length > 0) evalsite.say(`${hits.length} found`);
  }

  function select(number) {
    selected = number;
    [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === number)));
    if (number >= 0) field.setAttribute("aria-activedescendant", `hit-${number}`);
    else field.removeAttribute("aria-activedescendant");
    list.children[number]?.scrollIntoView({ block: "nearest" });
  }

  function close() {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
  }

  /** Open what was found, beside this page where somebody asks for that as of a link. */
  function go(item, beside = false) {
    if (!item?.dataset.path) return;
    const tail = location.protocol === "file:" && item.dataset.path.endsWith("/") ? "index.html" : "";
    const address = evalsite.root + item.dataset.path + tail;
    if (beside) open(address);
    else location.assign(address);
  }

  field.addEventListener("focus", load);
  field.addEventListener("input", () => { load(); show(); });
  field.addEventListener("keydown", (event) => {
    const last = list.children.length - 1;
    if (event.key === "ArrowDown" && !list.hidden) select(Math.min(selected + 1, last));
    else if (event.key === "ArrowUp" && !list.hidden) select(Math.max(selected - 1, 0));
    else if (event.key === "Escape") { close(); field.blur(); }
    else return;
    event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    hurried = index.length === 0;
    go(list.children[selected]);
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    if (event.button < 2) go(event.target.closest("li"), event.button === 1 || event.ctrlKey || event.metaKey);
  });
  field.addEventListener("blur", close);
})();
