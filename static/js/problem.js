"use strict";
// One problem in one run: copy a link, a report, a program; anchors of samples that are shown once for several.
(() => {
  const place = document.getElementById("permalink");
  const base = place.dataset.permalink || location.origin + location.pathname;

  /** A program or test as it was written, without the line numbers. */
  function source(pre) {
    if (!pre) return "";
    const lines = [...pre.querySelectorAll(".l")].map((line) => {
      const copy = line.cloneNode(true);
      copy.querySelectorAll("a, .here").forEach((extra) => extra.remove());
      return copy.textContent.replace(/\n$/, "");
    });
    return `${lines.join("\n")}\n`;
  }

  const program = (sample) => source(sample.querySelector(":scope > pre.code"));
  const tests = () => source(document.querySelector("#tests pre.code"));

  function link(sample) {
    const line = location.hash.startsWith(`#${sample.id}-L`) ? location.hash : `#${sample.id}`;
    return base + line;
  }

  /** The text that the page holds for pasting; its link is an anchor, which becomes a whole address here. */
  function markdown(sample) {
    const text = sample.querySelector("template.markdown").content.textContent;
    return text.replace(`](#${sample.id})`, () => `](${link(sample)})`);
  }

  async function copy(button, text) {
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
      evalsite.say("Copied");
    } catch {
      button.textContent = "Not allowed";
      evalsite.say("The browser does not allow copying here.");
    }
    setTimeout(() => { button.textContent = before; }, 1500);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const sample = button.closest(".sample");
    const text = {
      link: () => link(sample),
      markdown: () => markdown(sample),
      program: () => `${program(sample)}\n${tests()}`,
    }[button.dataset.copy]();
    copy(button, text);
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

  // A link into the folded tests opens them.
  function open() {
    const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    const fold = target?.closest("details");
    if (fold) fold.open = true;
  }
  addEventListener("hashchange", open);
  open();
})();
