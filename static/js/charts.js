"use strict";
// Charts stand in the page as they were drawn. When somebody touches one, plotly takes over, to tell more of its points.
(() => {
  const plots = [...document.querySelectorAll(".plot[data-figure]")];
  const CONFIG = { displayModeBar: false, displaylogo: false, showSendToCloud: false, responsive: true };
  const AXIS = { gridcolor: "@line", zerolinecolor: "@line", linecolor: "@rule", fixedrange: true, automargin: true, ticks: "" };
  const live = new Map(); // the picture -> where plotly draws
  let plotly = null;
  let hidden = new Set(); // keys of the runs that the filter hides

  function load() {
    plotly ??= new Promise((resolve, reject) => {
      const script = evalsite.make("script", { src: document.body.dataset.plotly });
      script.addEventListener("load", () => resolve(globalThis.Plotly));
      script.addEventListener("error", () => reject(new Error("plotly.js cannot be loaded")));
      document.head.append(script);
    });
    return plotly;
  }

  /** What a token's colour is in the theme in force: "@good" or, see-through, "@good/band". */
  function palette() {
    const probe = document.body.appendChild(evalsite.make("span", { class: "probe" }));
    const known = new Map();
    return {
      colour(name) {
        if (!known.has(name)) {
          const [token, band] = name.slice(1).split("/");
          probe.style.color = `var(--${token})`;
          const solid = getComputedStyle(probe).color;
          known.set(name, band ? solid.replace("rgb(", "rgba(").replace(")", ", 0.13)") : solid);
        }
        return known.get(name);
      },
      done() { probe.remove(); },
    };
  }

  /** A copy of a figure with every "@token" replaced. */
  function coloured(value, colours) {
    if (typeof value === "string") return /^@[a-z]+(\/band)?$/.test(value) ? colours.colour(value) : value;
    if (Array.isArray(value)) return value.map((item) => coloured(item, colours));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, coloured(item, colours)]));
  }

  function dressed(figure, height, narrow) {
    const { xaxis = {}, yaxis = {}, ...rest } = figure.layout;
    const family = getComputedStyle(document.body).fontFamily;
    return {
      data: figure.data.filter((trace) => shown(trace.meta ?? [])),
      layout: {
        height,
        paper_bgcolor: "rgba(0,0,0,0)",
        plot_bgcolor: "rgba(0,0,0,0)",
        font: { family, size: narrow ? 11 : 12, color: "@muted" },
        margin: { l: 8, r: 24, t: 16, b: 8 },
        hoverlabel: { bgcolor: "@paper", bordercolor: "@rule", font: { family, color: "@ink", size: 12 } },
        showlegend: false,
        dragmode: false,
        ...rest,
        xaxis: axis(xaxis),
        yaxis: axis(yaxis),
      },
    };
  }

  function axis({ title, ...rest }) {
    return { ...AXIS, ...rest, ...(title && { title: { ...title, font: { size: 12 }, standoff: 8 } }) };
  }

  function shown(keys) {
    return keys.every((key) => !hidden.has(key));
  }

  async function draw(plot) {
    const library = await load();
    const place = live.get(plot);
    const figure = JSON.parse(document.getElementById(plot.dataset.figure).textContent);
    const colours = palette();
    const height = Math.max(220, plot.dataset.height ?? plot.clientHeight);
    const { data, layout } = coloured(dressed(figure, height, plot.clientWidth < 420), colours);
    colours.done();
    await library.react(place, data, layout, CONFIG);
    plot.dataset.drawn = "";
  }

  function takeOver(plot) {
    if (live.has(plot)) return;
    plot.dataset.height = plot.clientHeight;
    live.set(plot, plot.appendChild(evalsite.make("div", { class: "live" })));
    draw(plot).catch(() => live.get(plot).remove()); // the picture stays
  }

  if (document.body.dataset.plotly) {
    for (const plot of plots) {
      for (const touch of ["pointerenter", "pointerdown"]) plot.addEventListener(touch, () => takeOver(plot), { once: true });
    }
  }

  const redraw = () => live.forEach((_, plot) => draw(plot));
  document.addEventListener("themechange", redraw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

  // ---- the filter: what it hides in tables is hidden in charts, and rows close up
  document.addEventListener("filtered", ({ detail }) => {
    if (detail.size === hidden.size && [...detail].every((key) => hidden.has(key))) return;
    hidden = detail;
    for (const part of document.querySelectorAll(".fig [data-run]")) part.toggleAttribute("hidden", !shown(part.dataset.run.split(" ")));
    for (const fig of document.querySelectorAll(".fig.rows")) closeUp(fig);
    redraw();
  });

  function closeUp(fig) {
    const rows = [...fig.children].filter((part) => part.localName === "svg");
    rows.forEach((row) => { row.dataset.y ??= row.getAttribute("y"); });
    fig.dataset.height ??= fig.getAttribute("height");
    const left = rows.filter((row) => !row.hasAttribute("hidden"));
    left.forEach((row, index) => row.setAttribute("y", rows[index].dataset.y));
    fig.setAttribute("height", fig.dataset.height - rows.at(-1).dataset.y + Number(left.at(-1).getAttribute("y")));
  }
})();
