"use strict";
// Shows the page of this address out of the compressed file that it was archived in.
(() => {
  const { pack } = document.currentScript.dataset;
  const here = decodeURI(location.pathname).replace(/index\.html$/, "");

  async function unpacked(answer) {
    const bytes = await answer.arrayBuffer();
    const head = new Uint8Array(bytes, 0, 2);
    // Some servers unpack such files on the way.
    if (head[0] !== 0x1f || head[1] !== 0x8b) return new TextDecoder().decode(bytes);
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  }

  // Pages are known by their paths below the site.
  function page(pages) {
    const path = Object.keys(pages).find((known) => here.endsWith(`/${known}`));
    return path ? pages[path] : Promise.reject(new Error("it is not in there"));
  }

  function show(html) {
    const { hash } = location;
    document.open();
    document.write(html);
    document.close();
    // A written document does not go to its fragment by itself.
    if (hash) addEventListener("load", () => location.replace(hash), { once: true });
  }

  fetch(pack)
    .then((answer) => (answer.ok ? unpacked(answer) : Promise.reject(new Error(`status ${answer.status}`))))
    .then((text) => page(JSON.parse(text).pages))
    .then(show)
    .catch((error) => {
      const why = location.protocol === "file:" ? "a page opened from a disk may not read it: evalsite serve" : error.message;
      document.getElementById("told").append(` It could not be read (${why}).`);
    });
})();
