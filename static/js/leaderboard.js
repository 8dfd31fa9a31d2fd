"use strict";
// Sort, filter, choose another baseline, pick two runs. All of it lives in the address, so a view can be linked.
(() => {
  const controls = document.querySelector(".controls");
  if (!controls) return;
  const suite = [...document.querySelectorAll(".suite tbody tr")];
  const candidates = [...document.querySelectorAll(".candidates tbody tr")];
  const FILTERS = ["q", "set", "language", "kind", "family", "quant", "symptom", "side"];

  function write(change) {
    const state = evalsite.changed(change);
    state.sort();
    evalsite.choose(state);
    apply();
  }

  // ---- the boards: each keeps all rows that it knows, and shows as many as the first view has
  const boards = [...document.querySelectorAll(".board")].map((section) => {
    const table = section.querySelector("table.runs");
    const further = (section.dataset.further ?? "").split(" ").filter(Boolean);
    const select = section.querySelector("[name=base]");
    const rows = [...table.tBodies[0].rows];
    const board = { section, table, further, select, rows, sorted: rows, shown: rows, total: Number(section.dataset.total), found: new Map() };
    board.room = further.length ? rows.length : Infinity;
    board.step = rows.length;
    learn(board, section);
    if (select) {
      const head = evalsite.make("th", { scope: "col", role: "columnheader", class: "pick" });
      head.append(evalsite.make("span", { class: "vh" }, "Pick"));
      table.tHead.rows[0].prepend(head);
      rows.forEach(addBox);
    }
    return board;
  });

  function addBox(row) {
    const cell = evalsite.make("td", { role: "cell", class: "pick" });
    cell.append(evalsite.make("input", { type: "checkbox", "aria-label": `Pick ${row.dataset.name} to compare` }));
    row.prepend(cell);
  }

  /** The marks of decisions, and comparisons by "base run"; all is decided and in words. */
  function learn(board, place) {
    const { marks, pairs } = JSON.parse(place.querySelector(".pairs").textContent);
    board.marks = marks;
    for (const { base, run, path, why, straight, mirrored } of pairs) {
      board.found.set(`${base} ${run}`, { path, why, told: straight });
      board.found.set(`${run} ${base}`, { path, why, told: mirrored });
    }
  }

  /** Fetch the runs that stand on further pages, once; what is looked for is looked for among all. */
  function load(board) {
    board.loading ??= Promise.all(board.further.map(evalsite.further)).then((pages) => {
      pages.forEach((page) => adopt(board, page));
      board.further = [];
    }).catch(() => { board.failed = true; }).finally(apply);
  }

  function adopt(board, page) {
    learn(board, page);
    const known = new Map(board.rows.map((row) => [row.dataset.run, row]));
    for (const row of page.querySelectorAll(".runs tbody tr")) {
      const own = known.get(row.dataset.run);
      if (own) {
        board.rows.splice(board.rows.indexOf(own), 1); // it stood among the best for another reason
        board.rows.push(own);
      } else {
        board.rows.push(document.adoptNode(row));
        addBox(row);
        board.select.append(evalsite.make("option", { value: row.dataset.run }, row.dataset.name));
      }
    }
    board.shownBase = null;
  }

  /** Whether all runs of a board are wanted, not only those of the first view. */
  function reaches(board, state) {
    const has = (run) => board.rows.some((row) => row.dataset.run === run);
    const base = state.get(`base.${board.section.id}`);
    return ["q", "family", "quant", "symptom", "side", "sort"].some((key) => state.get(key)) || (base && !has(base)) || picked(state).some((run) => !has(run));
  }

  function picked(state) {
    return (state.get("pick") ?? "").split(",").filter(Boolean);
  }

  // ---- filter
  function fits(row, state) {
    const words = (state.get("q") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    return words.every((word) => row.dataset.words.includes(word))
      && ["family", "quant", "side"].every((key) => !state.get(key) || row.dataset[key] === state.get(key))
      && (!state.get("symptom") || row.dataset.symptoms.split("|").includes(state.get("symptom")));
  }

  /** Whether a data set, by what its board or its row in the suite says of it, is among those looked for. */
  function holds(name, { language, kind }, state) {
    return (!state.get("set") || state.get("set") === name)
      && (!state.get("language") || language.split("|").includes(state.get("language")))
      && (!state.get("kind") || kind.split("|").includes(state.get("kind")));
  }

  function filter(state) {
    const hidden = [];
    const told = { shown: 0, all: 0, more: "" };
    for (const board of boards) {
      const { section, further } = board;
      section.hidden = !holds(section.id, section.dataset, state);
      const wide = reaches(board, state);
      if (wide && further.length && !section.hidden) load(board);
      const left = board.sorted.filter((row) => fits(row, state));
      hidden.push(...board.rows.filter((row) => !fits(row, state)).map((row) => row.dataset.run));
      show(board, left);
      const waits = wide && further.length;
      section.toggleAttribute("aria-busy", Boolean(waits && !board.failed));
      section.querySelector(".none-left").hidden = left.length > 0 || Boolean(waits);
      section.querySelector(".runs").hidden = left.length === 0;
      told.all += board.total;
      if (section.hidden) continue;
      told.shown += wide || !further.length ? left.length : board.total;
      if (waits) told.more = board.failed ? "; others stand on further pages" : "; others are loading";
    }
    document.dispatchEvent(new CustomEvent("filtered", { detail: new Set(hidden) }));
    for (const row of suite) row.hidden = !holds(row.dataset.set, row.dataset, state);
    for (const row of candidates) row.hidden = !fits(row, state);
    const runs = told.all === 1 ? "run" : "runs";
    const text = (told.shown === told.all ? `${told.all} ${runs}` : `${told.shown} of ${told.all} ${runs}`) + told.more;
    const count = controls.querySelector("[data-count]");
    if (count.textContent !== text) count.textContent = text;
    for (const name of [...FILTERS, "sort"]) {
      const field = controls.elements[name];
      if (field && field.value !== (state.get(name) ?? "")) field.value = state.get(name) ?? "";
    }
  }

  /** Put rows into a board's table, as far as there is room, and offer those that are left. */
  function show(board, left) {
    const now = left.slice(0, board.room);
    if (now.length !== board.shown.length || now.some((row, place) => row !== board.shown[place])) {
      board.table.tBodies[0].replaceChildren(...now);
      board.shown = now;
    }
    const rest = left.length - now.length;
    if (rest > 0 && !board.more) {
      board.more = evalsite.make("button", { type: "button", class: "quiet" });
      board.more.addEventListener("click", () => {
        board.room += board.step;
        apply();
      });
      board.table.after(board.more);
    }
    if (board.more) {
      board.more.hidden = rest <= 0;
      board.more.textContent = `Show ${Math.min(rest, board.step)} more of ${rest}`;
    }
  }

  // ---- sort
  for (const board of boards) {
    board.sort = evalsite.sortable(board.table, (order, column) => {
      write({ sort: order });
      evalsite.say(order ? `Sorted by ${column}` : "Back to the order of pass@1");
    }, board.rows, (sorted) => { board.sorted = sorted; });
  }

  // Where heads hide, a select sorts, and no focus vanishes in them.
  const narrow = matchMedia("(max-width: 62rem)");
  function stops() {
    for (const button of document.querySelectorAll(".runs thead button")) button.tabIndex = narrow.matches ? -1 : 0;
  }
  narrow.addEventListener("change", stops);
  stops();

  // ---- another baseline
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
    mark.append(evalsite.make("span", { "aria-hidden": "true" }, sign), `\u00a0${word}`);
    cell.replaceChildren(link, " ", mark, " ", evalsite.make("span", { class: "range" }, range));
  }

  /** Roles stand in the order that the site was built in; held against another run, that one alone is the baseline. */
  function role(row, base, own) {
    const place = row.querySelector(".model");
    place.querySelector("[data-chosen]")?.remove();
    for (const badge of place.querySelectorAll(".badge")) {
      if (["baseline", "candidate"].includes(badge.textContent)) badge.hidden = base !== own;
    }
    if (base === own || row.dataset.run !== base) return;
    place.append(evalsite.make("span", { class: "badge baseline", "data-chosen": "" }, "baseline"));
  }

  function rebase(board, state) {
    const { select } = board;
    if (!select) return; // a single run
    const own = [...select.options].find((option) => option.defaultSelected)?.value ?? "";
    const wanted = state.get(`base.${board.section.id}`) ?? own;
    const base = [...select.options].some((option) => option.value === wanted) ? wanted : own;
    select.value = base;
    if (board.shownBase === base || (!board.shownBase && base === own)) return;
    board.shownBase = base;
    for (const row of board.rows) {
      const cell = row.querySelector(".delta");
      cell.own ??= { nodes: [...cell.childNodes], value: cell.dataset.v };
      if (base === own) {
        cell.replaceChildren(...cell.own.nodes);
        cell.dataset.v = cell.own.value;
      } else {
        against(cell, board, base, row.dataset.run);
      }
      row.querySelector(".bar-tick")?.toggleAttribute("hidden", base !== own);
      role(row, base, own);
    }
  }

  for (const { select, section } of boards) {
    select?.addEventListener("change", () => {
      write({ [`base.${section.id}`]: select.value });
      evalsite.say(`Held against ${select.selectedOptions[0].textContent}`);
    });
  }

  // ---- pick two
  function pick(state) {
    const runs = picked(state);
    for (const row of boards.flatMap((board) => board.rows)) {
      const box = row.querySelector(".pick input");
      if (!box) continue;
      box.checked = runs.includes(row.dataset.run);
      row.classList.toggle("picked", box.checked);
    }
    const pair = runs.length === 2 ? boards.map((board) => board.found.get(runs.join(" "))).find(Boolean) : null;
    const words = pair ? "Compare the two" : ["Pick two to compare", "Pick one more"][runs.length] ?? "These two share no comparison";
    offer(controls.querySelector("[data-compare]"), pair, words);
    const bar = document.querySelector("[data-picked]");
    bar.hidden = runs.length === 0;
    bar.querySelector("[data-picked-count]").textContent = `${runs.length} picked`;
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
    const runs = picked(evalsite.chosen()).filter((one) => one !== run);
    if (box.checked) runs.push(run);
    write({ pick: runs.slice(-2).join(",") });
  });

  // ---- wiring
  function apply() {
    const state = evalsite.chosen();
    for (const board of boards) {
      rebase(board, state);
      board.sort(state.get("sort") ?? "");
    }
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
