"use strict";
// One problem in two runs: copy a link or a report, and put any two samples beside each other. Their programs come
// from their own pages; what stands in this page already is the pair that shows the change.
(() => {
  const grid = document.querySelector(".beside");
  const heads = [...grid.querySelectorAll(".head")];
  const roles = heads.map((head) => head.dataset.role);
  const own = Object.fromEntries(heads.map((head) => [head.dataset.role, head.querySelector("[data-sample]").textContent]));
  const told = [...grid.cloneNode(true).children];
  const CONTEXT = 3;
  const MOST_PAIRS = 1e6;
  const pages = new Map();
  const issue = document.querySelector(".acts .issue");
  const reported = issue?.href;
  let apart = null; // the samples that are shown, where they are not this page's own

  const chosen = () => {
    const wanted = evalsite.chosen();
    return Object.fromEntries(roles.map((role) => [role, wanted.get(role) ?? own[role]]));
  };
  const isOwn = (pair) => roles.every((role) => pair[role] === own[role]);
  const link = () => pasting.base + location.hash;
  /** The address of a line while a pair is shown that is not this page's own. */
  const place = (pair, line) => `#${new URLSearchParams({ ...pair, line })}`;

  /** What both samples hold for pasting, below the head of this page's own. */
  function markdown(part) {
    const own = pasting.markdown(part, link());
    if (!apart) return own;
    const told = apart.map((one, at) => `**${roles[at]}**: ${pasting.markdown(one, `${one.dataset.page}#${one.id}`, one.dataset.page)}`);
    return [own.split("\n\n", 1)[0], ...told].join("\n\n");
  }

  pasting.offer(".acts", { link, markdown });

  /** Whoever opens an issue reports the sample that is shown and failed, the candidate's before the baseline's. */
  function report() {
    if (!issue) return;
    const failed = apart?.map((one) => one.querySelector(".issue")).filter(Boolean).at(-1);
    issue.hidden = Boolean(apart && !failed);
    issue.href = failed?.href ?? reported;
  }

  /** A sample as its own page shows it. */
  async function sample(role, number) {
    const chip = grid.querySelector(`.head.${role} [data-choose="${number}"]`);
    const address = chip.href.split("#")[0];
    if (!pages.has(address)) {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(address);
      pages.set(address, new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
    const page = pages.get(address);
    const article = document.importNode(page.getElementById(`s${number}`).closest(".sample"), true);
    article.dataset.page = page.getElementById("permalink").dataset.permalink || address;
    return article;
  }

  /** The lines of a program, with their places on this page: those of its prompt, and its own. */
  function linesOf(article, role, pair) {
    const lines = [...article.querySelectorAll(":scope > .program .l")];
    for (const line of lines) {
      const number = line.querySelector("a");
      line.id = `${role}-L${number.textContent}`;
      number.setAttribute("href", place(pair, line.id));
    }
    const asked = lines.filter((line) => line.closest(".prompt"));
    return [asked, lines.filter((line) => !asked.includes(line))];
  }

  function text(line) {
    const copy = line.cloneNode(true);
    copy.querySelectorAll("a, .here").forEach((extra) => extra.remove());
    return copy.textContent;
  }

  /** [same?, lines of the one, lines of the other], in order. */
  function stretches(left, right) {
    const [old, next] = [left.map(text), right.map(text)];
    if (old.length * next.length > MOST_PAIRS) return [[false, left, right]];
    const width = next.length + 1;
    const best = new Uint32Array((old.length + 1) * width);
    for (let i = old.length - 1; i >= 0; i -= 1) {
      for (let j = next.length - 1; j >= 0; j -= 1) {
        best[i * width + j] = old[i] === next[j] ? best[(i + 1) * width + j + 1] + 1
          : Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
      }
    }
    const found = [];
    const add = (same, one, other) => {
      if (found.at(-1)?.[0] !== same) found.push([same, [], []]);
      found.at(-1)[1].push(...one);
      found.at(-1)[2].push(...other);
    };
    let [i, j] = [0, 0];
    while (i < old.length || j < next.length) {
      if (i < old.length && j < next.length && old[i] === next[j]) add(true, [left[i++]], [right[j++]]);
      else if (j === next.length || (i < old.length && best[(i + 1) * width + j] >= best[i * width + j + 1])) {
        add(false, [left[i++]], []);
      } else add(false, [], [right[j++]]);
    }
    return found;
  }

  function pane(kind, role, lines) {
    const code = evalsite.make("code");
    code.append(...lines);
    const pre = evalsite.make("pre", { class: `${kind} ${role}` });
    pre.append(code);
    return pre;
  }

  function fold(words, panes) {
    const folded = evalsite.make("details", { class: "fold shared" });
    const within = evalsite.make("div", { class: "panes" });
    within.append(...panes);
    folded.append(evalsite.make("summary", {}, words), within);
    return folded;
  }

  const counted = (number) => `${number} ${number === 1 ? "line" : "lines"}`;
  const gap = (words) => evalsite.make("p", { class: "gap" }, words);
  const both = (kind, one, other) => [pane(kind, roles[0], one), pane(kind, roles[1], other)];

  /** What a sample without a program has in its place. */
  function answer(article) {
    const place = evalsite.make("div", { class: "instead" });
    const came = article.querySelector(":scope > .as-came");
    place.append(evalsite.make("p", { class: "note" }, "There is no program."), ...(came ? [came] : []));
    return place;
  }

  function shared(one, other, first, last) {
    const [head, end] = [first ? 0 : CONTEXT, one.length - (last ? 0 : CONTEXT)];
    if (end - head < 2 || [...one, ...other].some((line) => line.classList.contains("failed"))) return both("same", one, other);
    return [
      ...(head ? both("same", one.slice(0, head), other.slice(0, head)) : []),
      fold(`${counted(end - head)} that both share`, both("same", one.slice(head, end), other.slice(head, end))),
      ...(end < one.length ? both("same", one.slice(end), other.slice(end)) : []),
    ];
  }

  /** The lines of the prompt, folded; ``asked``: those of each program. */
  function prompts(asked) {
    const [one, other] = asked.map((lines) => lines.map((line) => line.querySelector("a").textContent).join());
    if (one === other) return fold(`${counted(asked[0].length)} of the prompt in both`, both("same", ...asked));
    const words = asked.flatMap((lines, at) => (lines.length
      ? `${counted(lines.length)} of the prompt in the ${roles[at]}'s program` : []));
    return fold(words.join(" and "), both("prompt", ...asked));
  }

  function programs(sides, pair) {
    const lines = sides.map((article, at) => linesOf(article, roles[at], pair));
    const [asked, own] = [0, 1].map((kind) => lines.map((each) => each[kind]));
    const absent = lines.map((each) => !each.flat().length);
    const rows = asked.some((each) => each.length) ? [prompts(asked)] : [];
    if (absent.some(Boolean)) {
      return [...rows, ...sides.map((article, at) => (absent[at] ? answer(article) : pane("changed", roles[at], own[at])))];
    }
    const parts = stretches(...own);
    if (parts.every(([same]) => same)) rows.unshift(gap("Both are the same program."));
    return rows.concat(parts.flatMap(([same, one, other], at) => (same
      ? shared(one, other, at === 0, at === parts.length - 1) : both("changed", one, other))));
  }

  function fate(head, article, role, pair) {
    const mark = evalsite.make("p");
    mark.append(article.querySelector("h2 .mark"), " ", head.querySelector(".fate > p .note").cloneNode(true));
    const parts = [".why", ".trace"].map((each) => article.querySelector(`:scope > ${each}`));
    for (const line of article.querySelectorAll(".trace a")) {
      line.setAttribute("href", place(pair, line.getAttribute("href").replace(/^#s\d+/, role)));
    }
    head.querySelector(".fate").replaceChildren(mark, ...parts.filter(Boolean));
  }

  async function show() {
    const pair = chosen();
    const turned = isOwn(pair) ? undefined : JSON.stringify(pair);
    if (turned === grid.dataset.turned) return;
    if (isOwn(pair)) {
      grid.replaceChildren(...told.map((part) => part.cloneNode(true)));
      delete grid.dataset.turned;
      apart = null;
      report();
      return;
    }
    const sides = await Promise.all(roles.map((role) => sample(role, pair[role])));
    const shown = grid.querySelectorAll(".head");
    shown.forEach((head, at) => {
      const [role, number] = [roles[at], pair[roles[at]]];
      head.querySelector("[data-sample]").textContent = number;
      for (const chip of head.querySelectorAll("[data-choose]")) {
        chip.toggleAttribute("aria-current", chip.dataset.choose === number);
        if (chip.dataset.choose === number) {
          chip.setAttribute("aria-current", "true");
          head.querySelector("p a").href = chip.href;
        }
      }
      fate(head, sides[at], role, pair);
    });
    grid.dataset.turned = turned;
    apart = sides;
    report();
    grid.replaceChildren(...shown, ...programs(sides, pair));
    evalsite.say(`${roles.map((role) => `${role} sample ${pair[role]}`).join(" beside ")}`);
  }

  grid.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-choose]");
    if (!chip || event.ctrlKey || event.metaKey || event.shiftKey || location.protocol === "file:") return;
    event.preventDefault();
    const pair = { ...chosen(), [chip.closest(".head").dataset.role]: chip.dataset.choose };
    evalsite.choose(new URLSearchParams(isOwn(pair) ? {} : pair));
    show().catch(() => location.assign(chip.href));
  });
  /** Show the line that the address names beside a pair; one that stands there alone the browser finds. */
  function aim() {
    grid.querySelector(".aimed")?.classList.remove("aimed");
    const line = document.getElementById(evalsite.chosen().get("line"));
    if (!line) return;
    const folded = line.closest("details");
    if (folded) folded.open = true;
    line.classList.add("aimed");
    line.scrollIntoView();
  }

  const follow = () => show().then(aim).catch(() => {});
  addEventListener("hashchange", follow);
  follow();
})();
