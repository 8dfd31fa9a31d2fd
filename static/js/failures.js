"use strict";
// Failures as a list that filters. All rows stand in the page; what is chosen lives in the address, so it can be
// linked. Texts are looked for in the messages here, and in messages and programs of the page's data.
(() => {
  const form = document.querySelector(".chooser");
  const sections = [...document.querySelectorAll(".listed")];
  const rows = sections.flatMap((section) => [...section.querySelectorAll("li")]);
  const chips = [...form.querySelectorAll("[data-facet]")];
  const facets = new Map(rows.map((row) => [row, new Set(row.dataset.facets.split(" "))]));
  const oneRun = form.dataset.noun === "sample";
  let texts = null; // the text of each row, once somebody looks for one

  function write(state) {
    evalsite.choose([...state].map(([key, value]) => `${key}=${key === "q" ? encodeURIComponent(value) : value}`).join("&"));
    apply();
  }

  async function load() {
    if (texts) return;
    const own = new Map(rows.map((row) => [row, row.textContent]));
    texts = own;
    const parts = await Promise.all(form.dataset.json.trim().split(/\s+/).map(async (path) => (await fetch(path)).json()));
    const told = ({ samples }) => samples.map(({ message = "", code = "" }) => `${message}\n${code}`).join("\n");
    const by = new Map();
    for (const { failures } of parts) {
      failures.forEach((each, at) => {
        const key = oneRun ? at : each.problem;
        by.set(key, `${by.get(key) ?? ""}\n${told(each)}`);
      });
    }
    const found = rows.map((row, at) => [row, `${own.get(row)}\n${by.get(oneRun ? at : row.firstElementChild.textContent) ?? ""}`]);
    texts = new Map(found.map(([row, text]) => [row, text.toLowerCase()]));
    apply();
  }

  function apply() {
    const state = evalsite.chosen();
    const query = (state.get("q") ?? "").toLowerCase();
    if (query) load().catch(() => evalsite.say("The programs cannot be loaded: messages alone are searched."));
    const chosen = [...state].filter(([key]) => key !== "q").map(([key, value]) => `${key}=${value}`);
    const fits = (row, but) => chosen.every((facet) => facet.startsWith(`${but}=`) || facets.get(row).has(facet))
      && (!query || (texts?.get(row) ?? row.textContent).toLowerCase().includes(query));
    let [shown, all] = [0, 0];
    for (const row of rows) {
      row.hidden = !fits(row);
      all += Number(row.dataset.weight);
      shown += row.hidden ? 0 : Number(row.dataset.weight);
    }
    for (const section of sections) section.hidden = !section.querySelector("li:not([hidden])");
    for (const chip of chips) {
      const [key] = chip.dataset.facet.split("=");
      const left = rows.filter((row) => facets.get(row).has(chip.dataset.facet) && fits(row, key));
      const number = left.reduce((sum, row) => sum + Number(row.dataset.weight), 0);
      const on = chosen.includes(chip.dataset.facet);
      chip.querySelector("b").textContent = number.toLocaleString("en");
      chip.classList.toggle("off", number === 0 && !on);
      if (on) chip.setAttribute("aria-current", "true");
      else chip.removeAttribute("aria-current");
    }
    document.querySelector(".none-left").hidden = shown > 0 || rows.length === 0;
    const noun = all === 1 ? form.dataset.noun : `${form.dataset.noun}s`;
    const text = shown === all ? `${all.toLocaleString("en")} ${noun}` : `${shown.toLocaleString("en")} of ${all.toLocaleString("en")} ${noun}`;
    const count = form.querySelector("[data-count]");
    if (count.textContent !== text) count.textContent = text;
    if (form.elements.q.value.toLowerCase() !== query) form.elements.q.value = state.get("q") ?? "";
  }

  // A chip adds its filter to the others, in place of one of its kind, and takes it away again.
  form.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-facet]");
    if (!chip || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const [key, value] = chip.dataset.facet.split("=");
    write(evalsite.changed({ [key]: evalsite.chosen().get(key) === value ? "" : value }));
  });
  form.addEventListener("input", (event) => write(evalsite.changed({ q: event.target.value })));
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-clear]")) write(new URLSearchParams());
  });
  addEventListener("hashchange", apply);
  apply();
})();
