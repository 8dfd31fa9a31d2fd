"use strict";
// One problem in one run: copy a link, a report, a program; anchors of samples that are shown once for several.
(() => {
  const place = document.getElementById("permalink");
  const base = place.dataset.permalink || location.origin + location.pathname;
  const MAX_ISSUE = 6000;

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

  /** A fence longer than any run of backticks inside. */
  function fenced(text, language = "") {
    const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
    const fence = "`".repeat(longest + 1);
    return `${fence}${language}\n${text.replace(/\n$/, "")}\n${fence}`;
  }

  /** The failing test and the error, as the page shows them. */
  function why(sample) {
    const parts = sample.querySelectorAll(".why pre, .why .error");
    return [...parts].map((part) => part.textContent.trim()).join("\n");
  }

  function markdown(sample, code = program(sample)) {
    const verdict = sample.querySelector("h2 .mark").textContent.trim().replace(/\s+/g, " ");
    const error = why(sample);
    return [
      `**${verdict}**: ${place.textContent.trim()}, [sample ${sample.id.slice(1)}](${link(sample)})`,
      code && fenced(code, "python"),
      error && fenced(error),
    ].filter(Boolean).join("\n\n");
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

  // The issue, or its form's fields, get as much of the code as the address can hold; the link is always in it.
  for (const issue of document.querySelectorAll(".issue")) {
    issue.addEventListener("click", () => {
      const sample = issue.closest(".sample");
      const address = new URL(issue.href);
      const form = address.searchParams.has("template");
      if (form) address.searchParams.set("error", why(sample));
      let lines = program(sample).split("\n");
      for (;;) {
        const code = lines.join("\n");
        address.searchParams.set(form ? "code" : "body", form ? code : markdown(sample, code));
        if (address.href.length <= MAX_ISSUE || lines.length < 2) break;
        lines = [...lines.slice(0, Math.floor(lines.length * 0.8) - 1), "# …"];
      }
      if (address.href.length <= MAX_ISSUE) issue.href = address.href;
    });
  }

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
