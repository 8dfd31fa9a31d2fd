"use strict";
// The grid of problems by arrow keys, and tables that sort.
(() => {
  const cells = [...document.querySelectorAll(".grid .cell")];
  const grid = document.querySelector(".grid");

  function columns() {
    const top = cells[0].offsetTop;
    const count = cells.findIndex((cell) => cell.offsetTop !== top);
    return count < 0 ? cells.length : count;
  }

  grid?.addEventListener("keydown", (event) => {
    const at = cells.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns(), ArrowUp: -columns() }[event.key];
    const next = event.key === "Home" ? 0 : event.key === "End" ? cells.length - 1 : at + step;
    if (at < 0 || Number.isNaN(next) || !cells[next]) return;
    event.preventDefault();
    cells[next].focus();
  });

  const number = (text) => Number.parseFloat(text.replace(/[^0-9.\-]/g, ""));
  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0];
    const original = [...body.rows];
    [...table.tHead.rows[0].cells].forEach((cell, column) => {
      const button = evalsite.make("button", { type: "button" }, cell.textContent);
      cell.replaceChildren(button);
      button.addEventListener("click", () => {
        const now = cell.getAttribute("aria-sort");
        const next = now === null ? "descending" : now === "descending" ? "ascending" : null;
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        if (next) cell.setAttribute("aria-sort", next);
        const sign = next === "ascending" ? 1 : -1;
        const value = (row) => row.cells[column].textContent;
        const numeric = original.every((row) => /^[\d–]/.test(value(row)));
        const sorted = next === null ? original : [...original].sort((a, b) => sign * (numeric
          ? (number(value(a)) || 0) - (number(value(b)) || 0)
          : value(a).localeCompare(value(b), "en", { numeric: true })));
        body.append(...sorted);
      });
    });
  }
})();
