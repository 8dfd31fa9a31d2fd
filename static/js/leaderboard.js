"use strict";
// Sort, filter, choose another baseline, pick two runs. All of it lives in the address, so a view can be linked.
(() => {
  const controls = document.querySelector(".controls");
  if (!controls) return;
  const boards = [...document.querySelectorAll(".board")];
  const suite = [...document.querySelectorAll(".suite tbody tr")];
  const FILTERS = ["q", "set", "language", "kind", "family", "quant", "side"];

  // ---- state <-> address
  function read() {
    const state = new URLSearchParams(location.hash.slice(1));
    // A plain anchor such as #humaneval-1a2b3c is no state.
    return location.hash.includes("=") ? state : new URLSearchParams();
  }

  function write(change) {
    const state = read();
    for (const [key, value] of Object.entries(change)) {
      if (value) state.set(key, value);
      else state.delete(key);
    }
    state.sort();
    const text = state.toString();
    history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
    apply();
  }

  // ---- filter
  function fits(row, state) {
    const words = (state.get("q") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    return words.every((word) => row.dataset.words.includes(word))
      && ["family", "quant", "side"].every((key) => !state.get(key) || row.dataset[key] === state.get(key));
  }

  /** Whether a data set, by what its board or its row in the suite says of it, is among those looked for. */
  function holds(name, { language, kind }, state) {
    return (!state.get("set") || state.get("set") === name)
      && (!state.get("language") || language.split("|").includes(state.get("language")))
      && (!state.get("kind") || kind.split("|").includes(state.get("kind")));
  }

  function filter(state) {
    let shown = 0;
    let all = 0;
    for (const board of boards) {
      const rows = [...board.querySelectorAll("tbody tr[data-run]")];
      rows.forEach((row) => { row.hidden = !fits(row, state); });
      const left = rows.filter((row) => !row.hidden).length;
      board.hidden = !holds(board.id, board.dataset, state);
      board.querySelector(".none-left").hidden = left > 0;
      board.querySelector(".runs").hidden = left === 0;
      shown += board.hidden ? 0 : left;
      all += rows.length;
    }
    const left = boards.flatMap((board) => [...board.querySelectorAll("tbody tr[data-run][hidden]")]);
    document.dispatchEvent(new CustomEvent("filtered", { detail: new Set(left.map((row) => row.dataset.run)) }));
    for (const row of suite) row.hidden = !holds(row.dataset.set, row.dataset, state);
    const text = shown === all ? `${all} ${all === 1 ? "run" : "runs"}` : `${shown} of ${all} runs`;
    const count = controls.querySelector("[data-count]");
    if (count.textContent !== text) count.textContent = text;
    for (const name of [...FILTERS, "sort"]) {
      const field = controls.elements[name];
      if (field && field.value !== (state.get(name) ?? "")) field.value = state.get(name) ?? "";
    }
  }

  // ---- sort
  const sorts = boards.map((board) => evalsite.sortable(board.querySelector("table.runs"), (order, column) => {
    write({ sort: order });
    evalsite.say(order ? `Sorted by ${column}` : "Back to the order of pass@1");
  }));

  // Where heads hide, a select sorts, and no focus vanishes in them.
  const narrow = matchMedia("(max-width: 62rem)");
  function stops() {
    for (const button of document.querySelectorAll(".runs thead button")) button.tabIndex = narrow.matches ? -1 : 0;
  }
  narrow.addEventListener("change", stops);
  stops();

  // ---- another baseline: all that is shown stands in the page, decided and in words
  const told = new Map(boards.map((board) => [board, pairsOf(board)]));

  /** The marks of decisions, and the comparisons of a board: "base run" -> [difference, range, value, decision] */
  function pairsOf(board) {
    const { marks, pairs } = JSON.parse(board.querySelector(".pairs").textContent);
    const found = new Map();
    for (const { base, run, path, why, straight, mirrored } of pairs) {
      found.set(`${base} ${run}`, { path, why, told: straight });
      found.set(`${run} ${base}`, { path, why, told: mirrored });
    }
    return { marks, found };
  }

  function against(cell, { marks, found }, base, run) {
    if (run === base) {
      cell.replaceChildren(evalsite.make("span", { class: "note" }, "baseline"));
      cell.dataset.v = "0";
      return;
    }
    const pair = found.get(`${base} ${run}`);
    cell.dataset.v = pair ? String(pair.told[2]) : "";
    if (!pair) {
      cell.replaceChildren("\u2013");
      return;
    }
    const [difference, range, , decision] = pair.told;
    const [tone, sign, word] = marks[decision];
    const link = evalsite.make("a", { href: evalsite.root + pair.path });
    if (pair.why) link.title = pair.why;
    link.append(evalsite.make("b", {}, difference));
    const mark = evalsite.make("span", { class: `mark ${tone}` });
    mark.append(evalsite.make("span", { "aria-hidden": "true" }, sign), ` ${word}`);
    cell.replaceChildren(link, " ", mark, " ", evalsite.make("span", { class: "range" }, range));
  }

  function rebase(board, state) {
    const select = board.querySelector("[name=base]");
    if (!select) return; // a single run
    const own = [...select.options].find((option) => option.defaultSelected)?.value ?? "";
    const wanted = state.get(`base.${board.id}`) ?? own;
    const base = [...select.options].some((option) => option.value === wanted) ? wanted : own;
    select.value = base;
    if (board.shownBase === undefined && base === own) {
      board.shownBase = own;
      return;
    }
    if (board.shownBase === base) return;
    board.shownBase = base;
    for (const row of board.querySelectorAll("tbody tr[data-run]")) {
      const cell = row.querySelector(".delta");
      cell.own ??= { nodes: [...cell.childNodes], value: cell.dataset.v };
      if (base === own) {
        cell.replaceChildren(...cell.own.nodes);
        cell.dataset.v = cell.own.value;
      } else {
        against(cell, told.get(board), base, row.dataset.run);
      }
    }
    for (const tick of board.querySelectorAll(".bar-tick")) tick.toggleAttribute("hidden", base !== own);
  }

  boards.forEach((board) => board.querySelector("[name=base]")?.addEventListener("change", (event) => {
    write({ [`base.${board.id}`]: event.target.value });
    evalsite.say(`Held against ${event.target.selectedOptions[0].textContent}`);
  }));

  // ---- pick two
  function pick(state) {
    const picked = (state.get("pick") ?? "").split(",").filter(Boolean);
    for (const box of document.querySelectorAll(".pick input")) {
      const row = box.closest("tr");
      box.checked = picked.includes(row.dataset.run);
      row.classList.toggle("picked", box.checked);
    }
    const pair = picked.length === 2
      ? boards.map((board) => told.get(board).found.get(picked.join(" "))).find(Boolean) : null;
    const words = pair ? "Compare the two" : ["Pick two to compare", "Pick one more"][picked.length] ?? "These two share no comparison";
    offer(controls.querySelector("[data-compare]"), pair, words);
    const bar = document.querySelector("[data-picked]");
    bar.hidden = picked.length === 0;
    bar.querySelector("[data-picked-count]").textContent = `${picked.length} picked`;
    offer(bar.querySelector("[data-compare-picked]"), pair, pair ? "Compare" : words);
  }

  function offer(link, pair, words) {
    link.textContent = words;
    link.toggleAttribute("aria-disabled", !pair);
    if (pair) {
      link.href = evalsite.root + pair.path;
    } else {
      link.setAttribute("aria-disabled", "true");
      link.removeAttribute("href");
    }
  }

  document.querySelector("[data-unpick]").addEventListener("click", () => write({ pick: "" }));

  document.addEventListener("change", (event) => {
    const box = event.target.closest(".pick input");
    if (!box) return;
    const run = box.closest("tr").dataset.run;
    const picked = (read().get("pick") ?? "").split(",").filter((one) => one && one !== run);
    if (box.checked) picked.push(run);
    write({ pick: picked.slice(-2).join(",") });
  });

  // ---- wiring
  function apply() {
    const state = read();
    boards.forEach((board) => rebase(board, state));
    sorts.forEach((sort) => sort(state.get("sort") ?? ""));
    filter(state);
    pick(state);
  }

  controls.addEventListener("input", (event) => write({ [event.target.name]: event.target.value }));
  controls.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-clear]")) write(Object.fromEntries(FILTERS.map((name) => [name, ""])));
  });
  addEventListener("hashchange", apply);
  apply();
})();
