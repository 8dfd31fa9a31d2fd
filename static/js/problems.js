"use strict";
// The matrix of problems: a filter that looks through all of its windows, and further runs as columns. What is
// chosen lives in the address.
(() => {
  const controls = document.querySelector(".controls");
  const table = document.querySelector(".crossing");
  const others = JSON.parse(document.getElementById("others").textContent);
  const FIELDS = ["q", "mark", "runs"];
  let further = (table.dataset.further ?? "").split(" ").filter(Boolean);
  let loading = null;
  let failed = false;
  const asked = new Set(); // names of runs that were added
  let added = []; // the same with what each made of each problem, in the order of their columns

  function write(change) {
    evalsite.choose(evalsite.changed(change));
    apply();
  }

  // ---- problems of other windows
  function load() {
    loading ??= Promise.all(further.map(evalsite.further)).then((pages) => {
      for (const row of pages.flatMap((page) => [...page.querySelectorAll(".crossing tbody tr")])) {
        table.known.push(table.tBodies[0].appendChild(document.adoptNode(row)));
        for (const { counts } of added) fill(row, counts);
      }
      table.sorted();
      further = [];
    }).catch(() => { failed = true; }).finally(apply);
  }

  // ---- further runs
  function cellsOf(line) {
    return [...line.matchAll(/("((?:[^"]|"")*)"|[^,]*)(?:,|$)/g)].map(([, plain, quoted]) => quoted?.replaceAll('""', '"') ?? plain);
  }

  async function add(name) {
    asked.add(name);
    const answer = await fetch(evalsite.root + others[name]);
    if (!answer.ok) throw new Error(`${others[name]}: ${answer.status}`);
    const lines = (await answer.text()).trim().split("\n").map(cellsOf);
    const counts = new Map(lines.slice(1).map(([problem, n, c]) => [problem, { n: Number(n), c: Number(c) }]));
    if (!asked.has(name)) return; // cleared meanwhile
    added.push({ name, counts });
    const head = evalsite.make("th", { scope: "col", class: "run added" });
    head.append(evalsite.make("a", { href: evalsite.root + others[name].replace("problems.csv", "") }, name));
    table.tHead.rows[0].lastElementChild.before(head);
    for (const row of table.known) fill(row, counts);
    apply();
  }

  function fill(row, counts) {
    const { n, c } = counts.get(row.dataset.problem) ?? { n: 0, c: 0 };
    const level = n === 0 ? "x" : c && Math.max(1, Math.floor(10 * c / n));
    row.lastElementChild.before(evalsite.make("td", { class: `added cell g${level}` }, n === 0 ? "\u2013" : String(c)));
  }

  // ---- filter
  function fits(row, state) {
    const words = (state.get("q") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    const levels = () => new Set([...row.querySelectorAll(".cell:not(.gx)")].map((cell) => cell.className.match(/g\d+/)[0]));
    return words.every((word) => row.dataset.words.includes(word))
      && (!state.get("mark") || row.dataset.marks.split("|").includes(state.get("mark")))
      && (state.get("runs") !== "differ" || levels().size > 1);
  }

  function apply() {
    const state = evalsite.chosen();
    for (const name of (state.get("add") ?? "").split("|").filter((one) => others[one] && !asked.has(one))) {
      add(name).catch(() => evalsite.say(`${name} cannot be fetched`));
    }
    const wide = FIELDS.some((name) => state.get(name));
    if (wide && further.length && !failed) load();
    for (const row of table.known) row.hidden = !fits(row, state);
    const shown = table.known.filter((row) => !row.hidden).length;
    const told = failed ? "; others stand on further pages" : "; others are loading";
    controls.querySelector("[data-count]").textContent = `${shown} of ${table.known.length} problems${wide && further.length ? told : ""}`;
    document.querySelector(".none-left").hidden = shown > 0;
    table.hidden = shown === 0;
    for (const name of FIELDS) {
      const field = controls.elements[name];
      if (field && field.value !== (state.get(name) ?? "")) field.value = state.get(name) ?? "";
    }
  }

  controls.addEventListener("input", (event) => {
    const { name, value } = event.target;
    if (name !== "add") {
      write({ [name]: value });
    } else if (others[value]) {
      event.target.value = "";
      const state = evalsite.chosen();
      write({ add: [...new Set([...(state.get("add") ?? "").split("|").filter(Boolean), value])].join("|") });
      evalsite.say(`${value} is a column now`);
    }
  });
  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.elements.add?.addEventListener("focus", () => {
    document.getElementById("runs").replaceChildren(...Object.keys(others).map((name) => evalsite.make("option", { value: name })));
  }, { once: true });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-clear]")) return;
    for (const cell of [table.tHead.rows[0], ...table.known].flatMap((row) => [...row.querySelectorAll(".added")])) cell.remove();
    asked.clear();
    added = [];
    write(Object.fromEntries([...FIELDS, "add"].map((name) => [name, ""])));
  });
  addEventListener("hashchange", apply);
  apply();
})();
