"use strict";
// The grid of problems by arrow keys.
(() => {
  const cells = [...document.querySelectorAll(".grid .cell")];
  const grid = document.querySelector(".grid");

  // One stop for Tab: the cell that had the focus last.
  function stop(at) {
    cells.forEach((cell, place) => { cell.tabIndex = place === at ? 0 : -1; });
  }
  if (cells.length > 0) stop(0);
  grid?.addEventListener("focusin", (event) => stop(cells.indexOf(event.target)));

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
})();
