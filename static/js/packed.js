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

  // Lines that follow one another have a sign in place of their address.
  function whole(html) {
    let prefix = "";
    let number = 0;
    return html.replace(/\x02([^\x01]*-L)(\d+)\x01|\x01/g, (sign, before, first) => {
      if (before) prefix = before;
      number = before ? Number(first) : number + 1;
      return ` id="${prefix}${number}"><a href="#${prefix}${number}" tabindex="-1">${number}</a>`;
    });
  }

  // Pages stand behind one another, each behind its path below the site.
  function pageOf(text) {
    const path = (page) => page.slice(0, page.indexOf("\n"));
    const found = text.split("\0").slice(1).find((page) => here.endsWith(`/${path(page)}`));
    return found ? whole(found.slice(path(found).length + 1)) : Promise.reject(new Error("it is not in there"));
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
    .then(pageOf)
    .then(show)
    .catch((error) => {
      const why = location.protocol === "file:" ? "a page opened from a disk may not read it: evalsite serve" : error.message;
      document.getElementById("told").append(` It could not be read (${why}).`);
    });
})();
