"use strict";
// What is copied from a page: links, reports, programs.
const pasting = (() => {
  const place = document.getElementById("permalink");
  const base = place.dataset.permalink || location.origin + location.pathname;

  /** A program or test as it was written, without the line numbers. */
  function source(part) {
    if (!part) return "";
    const lines = [...part.querySelectorAll(".l")].map((line) => {
      const copy = line.cloneNode(true);
      copy.querySelectorAll("a, .here").forEach((extra) => extra.remove());
      return copy.textContent.replace(/\n$/, "");
    });
    return `${lines.join("\n")}\n`;
  }

  /**
   * The text that a part holds for pasting. Its link is an anchor, which becomes a whole address here: `link`, but
   * for one to all of the part, which may lead to a place within it, such as the turn after which an agent failed.
   */
  function markdown(part, link, page = base) {
    const text = part.querySelector("template.markdown").content.textContent;
    return text.replace(/(?<!\\)\]\((#[\w-]+)\)/, (_, anchor) => `](${link === `${page}#${part.id}` ? page + anchor : link})`);
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

  /** Buttons with `data-copy` copy what the function of that name makes of the part of the page that they are in. */
  function offer(parts, makers) {
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-copy]");
      if (button) copy(button, makers[button.dataset.copy](button.closest(parts)));
    });
  }

  return { base, source, markdown, offer };
})();
