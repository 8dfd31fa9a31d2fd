"use strict";
// One problem in one run: copy a link, a report, a program; anchors of samples that are shown once for several.
(() => {
  const program = (sample) => pasting.source(sample.querySelector(":scope > .program"));
  const tests = () => pasting.source(document.querySelector("#tests pre.code"));

  function link(sample) {
    const within = location.hash.startsWith(`#${sample.id}-`) ? location.hash : `#${sample.id}`;
    return pasting.base + within;
  }

  pasting.offer(".sample", {
    link,
    markdown: (sample) => pasting.markdown(sample, link(sample)),
    program: (sample) => `${program(sample)}\n${tests()}`,
  });

  // #s5-L3 points into the shown sample where sample 5 is folded into it.
  function unfold() {
    const match = /^#s(\d+)-L(\d+)$/.exec(location.hash);
    if (!match || document.getElementById(location.hash.slice(1))) return;
    const shown = [...document.querySelectorAll(".sample")]
      .find((sample) => sample.dataset.folded.split(" ").includes(match[1]));
    if (shown) location.replace(`#${shown.id}-L${match[2]}`);
  }
  addEventListener("hashchange", unfold);
  unfold();
})();
