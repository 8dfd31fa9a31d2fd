"use strict";
// Draws a page's charts with plotly, which is loaded when the first of them comes near.
(() => {
  const plots = [...document.querySelectorAll(".plot[data-figure]")];
  const CONFIG = { displayModeBar: false, displaylogo: false, showSendToCloud: false, responsive: true };
  const AXIS = { gridcolor: "@line", zerolinecolor: "@line", linecolor: "@rule", fixedrange: true, automargin: true, ticks: "" };
  let plotly = null;
  const drawn = new Set();

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

  function dressed(figure, narrow) {
    const { xaxis = {}, yaxis = {}, ...rest } = figure.layout;
    const family = getComputedStyle(document.body).fontFamily;
    return {
      data: figure.data,
      layout: {
        paper_bgcolor: "rgba(0,0,0,0)",
        plot_bgcolor: "rgba(0,0,0,0)",
        font: { family, size: narrow ? 11 : 12, color: "@muted" },
        margin: { l: 8, r: 24, t: 16, b: 8 },
        hoverlabel: { bgcolor: "@paper", bordercolor: "@rule", font: { family, color: "@ink", size: 12 } },
        legend: { orientation: "h", x: 0, y: 1.02, xanchor: "left", yanchor: "bottom" },
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

  async function draw(plot) {
    const library = await load();
    const figure = JSON.parse(document.getElementById(plot.dataset.figure).textContent);
    const colours = palette();
    const { data, layout } = coloured(dressed(figure, plot.clientWidth < 420), colours);
    colours.done();
    await library.react(plot, data, layout, CONFIG);
    drawn.add(plot);
    plot.dataset.drawn = "";
  }

  function fail(plot) {
    plot.replaceWith(evalsite.make("p", { class: "note" }, "The chart cannot be drawn; its figures stand in the table."));
  }

  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((one) => one.isIntersecting)) {
      observer.unobserve(entry.target);
      draw(entry.target).catch(() => fail(entry.target));
    }
  }, { rootMargin: "200px" });
  plots.forEach((plot) => observer.observe(plot));

  const redraw = () => drawn.forEach((plot) => draw(plot));
  document.addEventListener("themechange", redraw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
})();
