"use strict";
// Shows the page of this address out of the compressed file that it was archived in.
(() => {
  const { pack, page } = document.currentScript.dataset;

  async function unpacked(answer) {
    const bytes = await answer.arrayBuffer();
    const head = new Uint8Array(bytes, 0, 2);
    // Some servers unpack such files on the way.
    if (head[0] !== 0x1f || head[1] !== 0x8b) return new TextDecoder().decode(bytes);
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
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
    .then((text) => show(JSON.parse(text).pages[page]))
    .catch((error) => {
      const why = location.protocol === "file:" ? "a page opened from a disk may not read it: evalsite serve" : error.message;
      document.getElementById("told").append(` It could not be read (${why}).`);
    });
})();
