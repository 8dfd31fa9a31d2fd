"use strict";
// Names the nearest page that exists: the longest part of the address that the search index knows.
(() => {
  const note = document.querySelector("[data-nearest]");
  const root = new URL(evalsite.root, location.href).pathname;
  const wanted = decodeURIComponent(location.pathname).slice(root.length).replace(/index\.html$/, "");
  const script = evalsite.make("script", { src: document.body.dataset.search });

  function shared(a, b) {
    let count = 0;
    while (count < a.length && a[count] === b[count]) count += 1;
    return count;
  }

  script.addEventListener("load", () => {
    const [best] = globalThis.evalsiteIndex
      .map((entry) => ({ entry, length: shared(entry.path, wanted) }))
      .sort((a, b) => b.length - a.length);
    if (!best || best.length < "runs/2".length) return;
    note.append("The nearest page is ", evalsite.make("a", { href: evalsite.root + best.entry.path }, best.entry.title), ".");
    note.hidden = false;
  });
  document.head.append(script);
})();
