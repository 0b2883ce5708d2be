// Any two cities, word by word: counts by document come from rates.js (EVIDENCE, RATES), the choice stands in the address
// (#a=...&b=...), and a click on a word opens its counts in both cities. The measures are those of pair_rates.
addEventListener("DOMContentLoaded", () => {
  const setup = JSON.parse(document.getElementById("pair-setup")?.textContent || "null");
  const data = window.EVIDENCE, rates = window.RATES;
  if (!setup || !data || !rates || !window.drawChart) return;
  const root = document.documentElement;
  const at = (id) => document.getElementById(id);
  const fields = { a: at("city-a"), b: at("city-b") };
  const language = () => (root.dataset.shown === "zh" ? "zh" : "en");
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const say = (key, values = {}) => filled(setup.labels[language()][key], values);
  const number = (n, digits = 0) => n.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });

  // ---- counts: documents lie sorted by city

  const { cities, of } = data.documents;
  const begin = of.reduce((sums, n) => [...sums, sums[sums.length - 1] + n], [0]);
  const range = (city) => { const i = cities.indexOf(city); return [begin[i], begin[i + 1]]; };
  const unpacked = new Map();
  // A sign a count: 0-9a-z, larger ones in brackets, A to Z for 2 to 27 zeros, none for the zeros at the end.
  const counts = (term) => {
    if (!unpacked.has(term)) {
      const all = new Uint32Array(rates.tokens.length);
      let place = 0;
      for (const [, large, zeros, small] of data.items[`term|${term}`].counts.matchAll(/\((\d+)\)|([A-Z])|([0-9a-z])/g)) {
        if (zeros) place += zeros.charCodeAt(0) - 63;
        else all[place++] = large ? Number(large) : parseInt(small, 36);
      }
      unpacked.set(term, all);
    }
    return unpacked.get(term);
  };
  const side = (city) => {
    const [from, to] = range(city);
    const own = rates.tokens.slice(from, to);
    return { city, from, to, tokens: own.reduce((sum, n) => sum + n, 0), documents: own.filter((n) => n > 0).length };
  };
  const total = (term, { from, to }) => {
    const all = counts(term);
    let n = 0, docs = 0;
    for (let i = from; i < to; i++) { n += all[i]; docs += all[i] > 0; }
    return [n, docs];
  };

  // ---- measures

  const part = (share, middle) => (share > 0 ? share * Math.log2(share / middle) : 0);
  const measured = (term, a, b) => {
    const [[nA, docsA], [nB, docsB]] = [total(term, a), total(term, b)];
    const [shareA, shareB] = [nA / a.tokens, nB / b.tokens];
    const middle = (shareA + shareB) / 2;
    const ratio = Math.log2(((nA + setup.half) / a.tokens) / ((nB + setup.half) / b.tokens));
    return {
      term, gloss: data.items[`term|${term}`].gloss || "", n_a: nA, n_b: nB, docs_a: docsA, docs_b: docsB,
      rate_a: 1e4 * shareA, rate_b: 1e4 * shareB, log_ratio: ratio, times: 2 ** Math.abs(ratio), side: 0,
      contribution: (part(shareA, middle) + part(shareB, middle)) / 2,
      y: Math.max(1e4 * shareA, 1e4 * setup.half / a.tokens), x: Math.max(1e4 * shareB, 1e4 * setup.half / b.tokens),
    };
  };
  const compared = (a, b) => {
    const rows = setup.terms.map((term) => measured(term, a, b)).filter((row) => row.n_a + row.n_b > 0);
    rows.sort((one, other) => other.contribution - one.contribution || (one.term < other.term ? -1 : 1));
    return rows;
  };
  const telling = (rows, a, b, n) => {
    const least = [Math.min(setup.recurs, a.documents), Math.min(setup.recurs, b.documents)];
    return {
      a: rows.filter((row) => row.log_ratio > 0 && row.docs_a >= least[0]).slice(0, n),
      b: rows.filter((row) => row.log_ratio < 0 && row.docs_b >= least[1]).slice(0, n),
    };
  };
  // For tests, and for whoever asks in the console.
  window.comparedCities = (one, other) => compared(side(one), side(other));

  // ---- the chart

  const rounded = (n) => Number(n.toPrecision(4));
  const isPlain = (part) => part === null || typeof part !== "object";
  const named = (part, names) => {
    if (typeof part === "string") return filled(part, names);
    if (isPlain(part)) return part;
    if (Array.isArray(part)) return part.map((each) => named(each, names));
    return Object.fromEntries(Object.entries(part).map(([key, each]) => [filled(key, names), named(each, names)]));
  };
  const ends = (values) => [Math.min(...values) / 1.3, Math.max(...values) * 1.3].map(rounded);
  // The chart comes with one row for each table, which tells its columns; the scales get this pair's ends.
  const charted = (rows, names) => {
    const chart = named(setup.chart, names);
    const span = { x: ends(rows.map((row) => row.x)), y: ends(rows.map((row) => row.y)) };
    for (const layer of chart.spec.layer)
      for (const axis of ["x", "y"]) if (layer.encoding[axis]?.scale) layer.encoding[axis].scale.domain = span[axis];
    const line = [Math.max(span.x[0], span.y[0]), Math.min(span.x[1], span.y[1])];
    chart.columns = Object.fromEntries(Object.entries(chart.columns).map(([name, columns]) => [name,
      "at" in columns ? { at: line[0] < line[1] ? line : [] }
        : Object.fromEntries(Object.keys(columns).map((key) =>
          [key, rows.map((row) => (typeof row[key] === "number" ? rounded(row[key]) : row[key]))]))]));
    return chart;
  };
  let drawn = null, shown = null;
  const filter = () => ({ cities: [shown.a.city, shown.b.city] });
  const draw = (rows) => {
    const names = { a: shown.a.city, b: shown.b.city };
    const chart = charted(rows, names);
    if (drawn) return drawn.again(chart);
    drawn = window.drawChart(at("pair-chart"), chart, {
      say: () => say("alt", { a: shown.a.city, b: shown.b.city }), filter,
    });
    return drawn.draw();
  };

  // ---- the table

  const cell = (tag, text, look) => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (look) made.className = look;
    if (tag === "th") made.scope = "col";
    return made;
  };
  const chinese = (made) => { made.lang = "zh-Hans"; return made; };
  const listed = (rows) => {
    const { a, b } = shown;
    const table = at("pair-table");
    const heads = [say("word"), say("more"), say("times"),
      ...["rate", "docs"].flatMap((key) => [a, b].map((own) => say(key, { city: own.city })))];
    const head = document.createElement("thead"), body = document.createElement("tbody");
    const top = document.createElement("tr");
    top.append(...heads.map((text, i) => cell("th", text, i > 1 ? "num" : "")));
    head.append(top);
    for (const row of rows) {
      const line = document.createElement("tr");
      const word = document.createElement("td");
      const button = chinese(cell("button", row.term, "ev"));
      button.type = "button";
      button.setAttribute("aria-haspopup", "dialog");
      button.addEventListener("click", (event) => {
        event.stopPropagation();  // the page's own buttons open without a filter
        window.openEvidence?.("term", row.term, filter());
      });
      word.append(button);
      if (row.gloss && language() === "en") word.append(cell("span", row.gloss, "gloss"));  // beneath: a column of its own would be almost empty
      line.append(word, chinese(cell("td", row.log_ratio > 0 ? a.city : b.city, "short")),
        ...[[row.times, 1], [row.rate_a, 2], [row.rate_b, 2], [row.docs_a, 0], [row.docs_b, 0]].map(([n, digits]) =>
          cell("td", number(n, digits), "num")));
      body.append(line);
    }
    table.replaceChildren(head, body);
  };

  // ---- the choice

  // A name, or the beginning of one alone.
  const known = (text) => {
    const name = (text || "").trim();
    if (cities.includes(name)) return name;
    const begun = name ? cities.filter((city) => city.startsWith(name)) : [];
    return begun.length === 1 ? begun[0] : null;
  };
  const asked = () => {
    const address = new URLSearchParams(location.hash.slice(1));
    const a = known(address.get("a")) || setup.first[0];
    const b = known(address.get("b")) || setup.first.find((city) => city !== a);
    return { a, b };
  };
  const sizes = () => {
    for (const key of ["a", "b"])
      at(`size-${key}`).textContent = say("size", { n: number(shown[key].documents), words: number(shown[key].tokens) });
  };
  const show = () => {
    const { a, b } = asked();
    fields.a.value = a;
    fields.b.value = b;
    at("pair-problem").textContent = a === b ? say("same") : "";
    if (a === b) return;
    shown = { a: side(a), b: side(b) };
    const rows = compared(shown.a, shown.b);
    const named = telling(rows, shown.a, shown.b, setup.named);
    named.a.forEach((row) => { row.side = 1; });
    named.b.forEach((row) => { row.side = -1; });
    const table = telling(rows, shown.a, shown.b, setup.rows);
    sizes();
    listed([...table.a, ...table.b]);
    draw(rows).catch(() => { at("pair-figure").hidden = true; });
  };
  const choose = () => {
    const [a, b] = [known(fields.a.value), known(fields.b.value)];
    at("pair-problem").textContent = !a || !b ? say("unknown") : a === b ? say("same") : "";
    if (a && b && a !== b) location.hash = new URLSearchParams({ a, b }).toString();
  };
  for (const field of Object.values(fields)) {
    field.addEventListener("change", choose);
    field.addEventListener("focus", () => field.select());
  }
  at("pair").addEventListener("submit", (event) => { event.preventDefault(); choose(); });
  at("exchange").addEventListener("click", () => {
    [fields.a.value, fields.b.value] = [fields.b.value, fields.a.value];
    choose();
  });
  addEventListener("hashchange", show);
  new MutationObserver(() => { if (shown) show(); }).observe(root, { attributes: true, attributeFilter: ["data-shown"] });
  show();
});
