// A figure that carries a chart shows it in its picture's place. The picture stays: on paper, without this script, and
// where the chart can't be drawn. The chart is drawn anew when the page changes its language, its colours or its width.
(() => {
  const root = document.documentElement;
  // The charts' colours as they are written in the charts, and the page's own in their place, dark or light.
  const COLOURS = {
    "#1f2328": "--ink", "#5b636c": "--muted", "#dfe3e8": "--chart-grid", "#ffffff": "--paper", "#0072B2": "--chart-blue",
    "#E69F00": "--chart-orange", "#009E73": "--chart-green", "#D55E00": "--chart-vermillion", "#56B4E9": "--chart-sky",
    "#CC79A7": "--chart-purple", "#deebf7": "--chart-low", "#08306b": "--chart-high",
  };
  const DATA = ["value", "values", "datasets"];  // never replaced in: what a document says is no word of the page's
  const WORDS = ["title", "subtitle", "text", "labels", "name", "hint"];
  const shown = () => root.dataset.shown || "en";

  // An attribute holds the chart with single and double quotes exchanged: half the size there.
  const unswapped = (text) => text.replace(/["']/g, (q) => (q === '"' ? "'" : '"'));
  const rows = (columns) => {
    // A column of words that come again and again is a list of them and numbers that say where they stand.
    const whole = Object.entries(columns).map(([name, own]) => [name, Array.isArray(own) ? own : own.at.map((i) => own.of[i])]);
    const n = whole.length ? whole[0][1].length : 0;
    return Array.from({ length: n }, (_, i) => Object.fromEntries(whole.map(([name, own]) => [name, own[i]])));
  };
  // Returns a copy of a spec in which `change` has looked at every text outside its data.
  const changed = (part, change, key = "", inside = null) => {
    if (typeof part === "string") return change(part, key, inside);
    if (Array.isArray(part)) return part.map((each) => changed(each, change, key, inside));
    if (part === null || typeof part !== "object") return part;
    return Object.fromEntries(Object.entries(part).map(([name, each]) =>
      [name, DATA.includes(name) ? each : changed(each, change, name, part)]));
  };
  const coloured = (spec) => {
    const look = getComputedStyle(root);
    const family = getComputedStyle(document.body).fontFamily;
    const own = (text, key) => {
      if (key === "font") return family;
      return COLOURS[text] ? look.getPropertyValue(COLOURS[text]).trim() || text : text;
    };
    // A colour may stand as a constant of an encoding, which is data to everything else.
    const constants = (part) => {
      if (Array.isArray(part)) return part.map(constants);
      if (part === null || typeof part !== "object") return part;
      return Object.fromEntries(Object.entries(part).map(([name, each]) =>
        [name, name === "value" && COLOURS[each] ? own(each) : name === "datasets" ? each : constants(each)]));
    };
    return constants(changed(spec, own));
  };
  const translated = (spec, words) => changed(spec, (text, key, inside) =>
    WORDS.includes(key) && (key !== "name" || "input" in inside) && Object.hasOwn(words, text) ? words[text] : text);

  // What hovering shows: a small table, every word of it set as text.
  const note = document.createElement("div");
  note.className = "chart-note";
  note.setAttribute("aria-hidden", "true");  // the table behind the figure says the same
  const tell = (_handler, event, _item, value) => {
    if (!value || typeof value !== "object") { note.remove(); return; }
    const list = document.createElement("dl");
    for (const [name, said] of Object.entries(value)) {
      if (said === null || said === undefined || ["", "null", "NaN", "undefined"].includes(String(said))) continue;
      const term = document.createElement("dt");
      const told = document.createElement("dd");
      term.textContent = name;
      told.textContent = String(said);
      list.append(term, told);
    }
    note.replaceChildren(list);
    document.body.append(note);
    const wide = note.offsetWidth, high = note.offsetHeight;
    const left = Math.min(event.clientX + 14, root.clientWidth - wide - 4);
    const below = event.clientY + 18 + high < innerHeight;
    note.style.left = `${Math.max(4, left)}px`;
    note.style.top = `${below ? event.clientY + 18 : Math.max(4, event.clientY - high - 12)}px`;
  };

  // Names beside points hide where they would lie on an earlier one, or beyond the chart's edge. A name may be drawn twice, below as a halo: what
  // was decided for it holds for both.
  const thin = (place) => {
    const boxes = [], decided = new Map();
    const edge = place.getBoundingClientRect().right + 1;
    for (const name of place.querySelectorAll("g.mark-text.role-mark text")) {
      name.style.display = "";
      const box = name.getBoundingClientRect();
      const key = `${name.textContent}@${name.getAttribute("transform")}`;
      if (!decided.has(key)) {
        const clash = box.right > edge || boxes.some((b) => box.left < b.right && b.left < box.right && box.top < b.bottom && b.top < box.bottom);
        decided.set(key, clash);
        if (!clash) boxes.push(box);
      }
      if (decided.get(key)) name.style.display = "none";
    }
  };

  const inputs = (spec) => (spec.params || []).filter((param) => param.bind && param.bind.input);

  // Draws a chart ({spec, columns, words, click, ratio, hint}) into an element; returns what draws it anew.
  // say(): the text for those who can't see it. filter: handed on to the evidence that a click opens.
  window.drawChart = (place, chart, { say = () => "", filter } = {}) => {
    const controls = document.createElement("form");
    const picture = document.createElement("div");
    const hint = document.createElement("p");
    controls.className = "chart-controls";
    hint.className = "chart-hint";
    controls.addEventListener("submit", (event) => event.preventDefault());
    place.replaceChildren(controls, picture, hint);
    let view = null, width = 0, turn = 0, kept = {};

    const words = () => (shown() === "zh" ? chart.words || {} : {});
    // Prepared anew for each drawing: the chart library writes into what it is given.
    const prepared = () => {
      const spec = coloured(translated(chart.spec, words()));
      delete spec.usermeta;
      spec.width = Math.max(240, Math.min(width, chart.widest || 900));
      if (chart.ratio) spec.height = Math.round(Math.max(260, spec.width * chart.ratio));
      spec.datasets = Object.fromEntries(Object.entries(chart.columns).map(([name, own]) => [name, rows(own)]));
      for (const param of inputs(spec)) if (param.name in kept) param.value = kept[param.name];
      return spec;
    };
    const draw = async () => {
      const mine = ++turn;
      width = Math.floor(picture.clientWidth || place.clientWidth);
      if (!width) return;
      await document.fonts.ready;
      if (view) for (const param of inputs(chart.spec)) kept[param.name] = view.signal(param.name);
      const spec = prepared();
      const next = document.createElement("div");
      const form = document.createElement("div");
      picture.style.minHeight = `${picture.offsetHeight}px`;  // the page does not jump meanwhile
      picture.append(next);
      const options = {
        mode: "vega-lite", actions: false, ast: true, renderer: "svg", defaultStyle: false, tooltip: tell, bind: form,
        loader: { load: () => Promise.reject(new Error("a chart loads nothing")), sanitize: () => Promise.reject(new Error("a chart leads nowhere")) },
      };
      let made;
      try {
        made = await window.vegaEmbed(next, spec, options);
      } catch (error) {
        next.remove();
        throw error;
      }
      if (mine !== turn) { made.finalize(); next.remove(); return; }
      if (view) view.finalize();
      view = made.view;
      picture.replaceChildren(next);
      picture.style.minHeight = "";
      controls.replaceChildren(form);
      controls.hidden = !form.childElementCount;
      hint.textContent = words()[chart.hint] || chart.hint || "";
      const svg = next.querySelector("svg");
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", say());
      // One picture with one text: what the library calls each group of marks would be a picture without any.
      for (const part of svg.querySelectorAll("[role]")) part.removeAttribute("role");
      thin(picture);
      if (chart.click) view.addEventListener("click", (_event, item) => {
        const datum = item && item.datum;
        const link = datum && chart.links && Object.hasOwn(chart.links, datum.city) ? chart.links[datum.city] : "";
        if (/^cities\/[\w-]+\.html$/.test(link)) { location.href = link; return; }
        if (datum && datum[chart.click.field] !== undefined && typeof window.openEvidence === "function")
          window.openEvidence(chart.click.kind, String(datum[chart.click.field]), filter ? filter(datum) : undefined);
      });
    };
    let settle = 0;
    const later = () => { clearTimeout(settle); settle = setTimeout(() => draw().catch(failed), 150); };
    const failed = () => { place.closest("figure")?.classList.remove("drawn"); place.hidden = true; };
    new ResizeObserver(() => { if (view && Math.abs(picture.clientWidth - width) > 8) later(); }).observe(place);
    new MutationObserver(later).observe(root, { attributes: true, attributeFilter: ["data-shown", "data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", later);
    return {
      draw,
      again: (changes = {}) => { Object.assign(chart, changes); return draw(); },
      get view() { return view; },
    };
  };

  // The text of a figure's picture, in the language shown.
  const told = (figure) => {
    const pictures = [...figure.querySelectorAll("img")];
    const own = pictures.find((img) => img.dataset.in === shown()) || pictures[0];
    if (!own) return (shown() === "zh" && figure.dataset.zhAlt) || figure.dataset.alt || "";
    return (own && (shown() === "zh" && own.dataset.zhAlt || own.alt)) || "";
  };
  const begin = (figure) => {
    const place = document.createElement("div");
    place.className = figure.querySelector("img") ? "chart" : "chart alone";  // without a picture it is printed itself
    figure.prepend(place);
    figure.classList.add("drawn");
    const chart = figure.dataset.chartIn ? window[figure.dataset.chartIn] : JSON.parse(unswapped(figure.dataset.chart));
    window.drawChart(place, chart, { say: () => told(figure) }).draw().catch(() => {
      figure.classList.remove("drawn");
      place.remove();
    });
  };
  addEventListener("scroll", () => note.remove(), { passive: true });
  addEventListener("keydown", (event) => { if (event.key === "Escape") note.remove(); });
  // Drawn when they come near: a page may hold several.
  const near = new IntersectionObserver((seen) => {
    for (const one of seen) if (one.isIntersecting) { near.unobserve(one.target); begin(one.target); }
  }, { rootMargin: "800px 0px" });
  if (window.vegaEmbed) document.querySelectorAll("figure[data-chart], figure[data-chart-in]").forEach((figure) => near.observe(figure));
})();
