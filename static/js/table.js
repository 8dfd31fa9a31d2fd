"use strict";
// Tables that sort: a button in the head of each column with a `data-sort`, rows by the `data-v` of their cells.
(() => {
  /** What a row is sorted by: a number where the cell has one, else its words, or null where it has nothing. */
  function value(row, column) {
    const text = row.cells[column].dataset.v ?? row.cells[column].textContent;
    if (text === "") return null;
    return Number.isNaN(Number(text)) ? text : Number(text);
  }

  function compare(a, b, sign) {
    if (a === null || b === null) return (a === null) - (b === null); // what has nothing comes last, either way
    return sign * (typeof a === "number" && typeof b === "number" ? a - b
      : String(a).localeCompare(String(b), "en", { numeric: true }));
  }

  /**
   * Put buttons into a table's head. Each calls `pressed` with the order that it stands for, such as "size.up" or
   * "" for the order in which the rows came, and its column's name. Returns a function that puts rows in an order.
   * `rows` may grow, and who gives `place` shows them, in their order, as they like.
   */
  evalsite.sortable = (table, pressed, rows = [...table.tBodies[0].rows], place = (sorted) => table.tBodies[0].append(...sorted)) => {
    const heads = [...table.tHead.rows[0].cells];
    let [key, direction] = ["", ""];

    for (const head of heads.filter((cell) => cell.dataset.sort)) {
      const button = evalsite.make("button", { type: "button" }, head.textContent);
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const steps = head.dataset.first === "up" ? ["up", "down", ""] : ["down", "up", ""];
        const next = key === head.dataset.sort ? steps[steps.indexOf(direction) + 1] : steps[0];
        pressed(next && `${head.dataset.sort}.${next}`, button.textContent);
      });
    }

    return (order) => {
      [key, direction] = order.split(".");
      const column = key ? heads.findIndex((head) => head.dataset.sort === key) : -1;
      const sign = direction === "up" ? 1 : -1;
      heads.forEach((head) => head.removeAttribute("aria-sort"));
      heads[column]?.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
      place(column < 0 ? rows : [...rows].sort((a, b) => compare(value(a, column), value(b, column), sign)));
    };
  };

  /** Fetch a further page of a table; links in it lead where they did there. */
  evalsite.further = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const link of page.querySelectorAll("main a[href]")) link.href = new URL(link.getAttribute("href"), answer.url);
    return page;
  };

  // The order of each table is kept beside the address, so that it outlives a reload and the way back.
  [...document.querySelectorAll("table.sortable")].forEach((table, place) => {
    const rows = [...table.tBodies[0].rows];
    const sort = evalsite.sortable(table, (order) => {
      history.replaceState({ ...history.state, [`table${place}`]: order }, "");
      sort(order);
    }, rows);
    table.known = rows; // whoever adds rows to a table adds them here, and then has it sorted again
    table.sorted = () => sort(history.state?.[`table${place}`] ?? "");
    if (history.state) table.sorted();
  });
})();
