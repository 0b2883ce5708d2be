// What stands behind a word, an entry, a slogan, a target or a topic: its lines, or its counts by city and year.
// openEvidence(kind, item, filter) is the one way in: buttons of class "ev" call it, and so do clicks in charts.
// filter: {cities: [...]} shows these cities alone at first, {text: "..."} fills the filter. It returns false where the
// page has nothing on the item. The data lie in the page (script.evidence-data, div.ev-data) or in window.EVIDENCE.
(() => {
  const AT_ONCE = 200;  // rows drawn before "show more": thousands at once would freeze a page
  const HAN = /[\u3400-\u9fff]/;
  const collator = new Intl.Collator("zh-Hans");
  const number = (n) => n.toLocaleString("en");
  let stores = null, labels = null, box = null, state = null;

  // ---- the data

  function load() {
    stores = [];
    const add = (data) => { if (data && data.documents && data.items) stores.push(expand(data)); };
    document.querySelectorAll("script.evidence-data").forEach((block) => add(parsed(block.textContent)));
    document.querySelectorAll("div.ev-data").forEach((block) => add(parsed(block.dataset.evidence)));
    [window.EVIDENCE].flat().forEach(add);
    labels = stores.map((store) => store.labels).find(Boolean) || { en: {}, zh: {} };
  }

  function parsed(text) {
    try { return JSON.parse(text); } catch { return null; }
  }

  // Documents come sorted by city, so it is told once how many each city has; those of none stand last.
  function expand(data) {
    const { cities, of, since } = data.documents;
    const city = of.flatMap((n, at) => new Array(n).fill(at));
    const years = unpack(data.documents.years, city.length).map((step) => step && step + since);
    return { ...data, home: data.city, cities, years, city, named: (at) => cities[city[at]] ?? "" };
  }

  // A sign a count: 0-9a-z, larger ones in brackets, A to Z for 2 to 27 zeros, none for the zeros at the end.
  function unpack(text, length) {
    const counts = new Array(length).fill(0);
    let at = 0;
    for (const [, large, zeros, small] of text.matchAll(/\((\d+)\)|([A-Z])|([0-9a-z])/g)) {
      if (zeros) at += zeros.charCodeAt(0) - 63;
      else counts[at++] = large ? Number(large) : parseInt(small, 36);
    }
    return counts;
  }

  function found(kind, item) {
    if (!stores) load();
    const key = `${kind}|${item}`;
    const store = stores.find((each) => Object.hasOwn(each.items, key));
    return store && { store, entry: store.items[key] };
  }

  // ---- words and elements

  const language = () => document.documentElement.dataset.shown === "zh" ? "zh" : "en";

  function say(key, values = {}) {
    const text = labels[language()]?.[key] ?? labels.en?.[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value != null) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  // Chinese among words of the page: marked, for its type and for reading aloud.
  const words = (tag, text, name) => element(tag, { class: name, lang: HAN.test(text) ? "zh-Hans" : null }, text);

  // ---- what is counted

  // One view of an item: for each city and year how many documents there are and how much they hold.
  function tally() {
    const { store, counts, entry } = state;
    const years = new Map(), cities = new Map();
    store.years.forEach((year, at) => {
      const n = counts ? counts[at] : 0;
      put(years, year, n);
      if (!cities.has(store.city[at])) cities.set(store.city[at], { n: 0, docs: 0, with: 0, years: new Map() });
      const city = cities.get(store.city[at]);
      city.n += n; city.docs += 1; city.with += n > 0;
      put(city.years, year, n);
    });
    if (!counts) coarse(store, entry, years, cities);
    return { years, cities };
  }

  function put(map, year, n) {
    const cell = map.get(year) ?? { n: 0, docs: 0 };
    cell.n += n; cell.docs += 1;
    map.set(year, cell);
  }

  // Where the page had no room for both at once, counts come by city and by year apart.
  function coarse(store, entry, years, cities) {
    const each = [...years.keys()].sort((a, b) => a - b);
    unpack(entry.by_year, each.length).forEach((n, at) => { years.get(each[at]).n = n; });
    unpack(entry.by_city, store.cities.length + 1).forEach((n, at) => { if (cities.has(at)) cities.get(at).n = n; });
  }

  const isShare = () => state.entry.unit === "share";
  // A share is a mean over documents, a count is a sum.
  const amount = (cell) => isShare() ? cell.n / Math.max(cell.docs, 1) : cell.n;
  const shown = (value) => isShare() ? value.toFixed(1) : number(value);

  // ---- the window

  window.openEvidence = (kind, item, filter = {}) => {
    const hit = found(kind, item);
    if (!hit) return false;
    const asked = filter.cities ?? (filter.city ? [filter.city] : null);
    const own = asked ?? [hit.store.home ?? document.body.dataset.city].filter(Boolean);
    const { entry, store } = hit;
    const counts = entry.counts == null ? null : unpack(entry.counts, store.years.length);
    const lines = (entry.lines ?? []).map((line) => isLine(line, item, store, entry));
    state = { kind, item, entry, store, counts, lines, own: new Set(own), only: Boolean(asked), query: filter.text ?? "",
              view: lines.length ? "lines" : "table", sort: entry.unit === "share" ? "share" : "year", by: "total", limit: AT_ONCE };
    state.tally = tally();
    box ??= makeBox();
    draw();
    if (!box.open) {
      state.opener = document.activeElement;
      box.showModal();
      box.scrollTop = 0;
    }
    return true;
  };

  function isLine([at, left, hit, right], item, store, entry) {
    const shared = entry.unit === "share";
    const line = { at, year: store.years[at], city: store.named(at), title: store.titles?.[at] ?? "" };
    return shared ? { ...line, left: "", hit: "", right: left, share: hit } : { ...line, left, hit: hit || item, right };
  }

  function makeBox() {
    const made = element("dialog", { class: "ev-box", "aria-labelledby": "ev-title" });
    made.addEventListener("click", (event) => { if (event.target === made) made.close(); });
    made.addEventListener("close", () => { state?.opener?.focus?.(); });
    document.body.append(made);
    return made;
  }

  function draw() {
    box.lang = language() === "zh" ? "zh-Hans" : "en";
    const body = element("div", { class: "ev-rows" });
    const status = element("p", { class: "ev-status", role: "status" });
    state.body = body; state.status = status;
    box.replaceChildren(heading(), ...totals(), bars(), ...tools(), body, status);
    rows();
  }

  function heading() {
    const name = state.entry.name?.[language()] ?? state.entry.name?.en ?? state.item;
    const title = words("h2", name);
    title.id = "ev-title";
    const close = element("button", { type: "button", class: "ev-close", "aria-label": say("close") }, "×");
    close.addEventListener("click", () => box.close());
    return element("header", {}, element("div", {}, words("p", say(state.kind), "ev-kind"), title, ...gloss()), close);
  }

  function gloss() {
    return state.entry.gloss ? [element("p", { class: "ev-gloss", lang: "en" }, state.entry.gloss)] : [];
  }

  function totals() {
    const { entry, store, tally: { cities } } = state;
    const here = [...cities].filter(([at, cell]) => at < store.cities.length && cell.n);
    const values = { n: number(entry.n), docs: number(entry.docs), all: number(store.years.length), cities: citiesSaid(here.length), years: yearsSaid() };
    const said = [words("p", say(isShare() ? "share_totals" : "totals", values), "ev-totals")];
    for (const city of state.own) {
      const cell = cities.get(store.cities.indexOf(city));
      if (cell && state.counts) said.push(words("p", say(isShare() ? "share_here" : "here", { city, n: shown(amount(cell)), docs: number(isShare() ? cell.docs : cell.with) }), "ev-totals"));
    }
    for (const note of notes()) said.push(words("p", note, "ev-note"));
    return said;
  }

  function notes() {
    const { entry, lines } = state, said = [];
    if (isShare()) said.push(say("heaviest", { n: number(lines.length), all: number(state.store.years.length) }));
    else if (lines.length && lines.length < entry.n) said.push(say("drawn", { n: number(lines.length), all: number(entry.n) }));
    else if (!lines.length) said.push(say("counts_only"));
    if (!state.counts) said.push(say("coarse"));
    return said;
  }

  const citiesSaid = (n) => n === 0 ? say("no_city") : n === 1 ? say("one_city") : say("cities", { n: number(n) });

  function yearsSaid() {
    const used = [...state.tally.years].filter(([year, cell]) => year && cell.n).map(([year]) => year);
    if (!used.length) return say("no_year");
    const [first, last] = [Math.min(...used), Math.max(...used)];
    return first === last ? `${first}` : `${first}–${last}`;
  }

  // ---- the bars: means, since some years have many more documents than others

  function bars() {
    const cells = [...state.tally.years].filter(([year]) => year).map(([year, cell]) => ({ year, mean: cell.n / cell.docs }));
    if (cells.length < 2) return "";
    cells.sort((a, b) => a.year - b.year);
    const first = cells[0].year, span = cells.at(-1).year - first + 1;
    const top = cells.reduce((best, cell) => cell.mean > best.mean ? cell : best);
    const round = (mean) => mean === 0 ? "0" : mean >= 100 ? mean.toFixed(0) : mean.toPrecision(2);
    const what = say(isShare() ? "share_by_year" : "by_year");
    const alt = say("bars", { what, first: round(cells[0].mean), from: first, last: round(cells.at(-1).mean), to: cells.at(-1).year, most: round(top.mean), top: top.year });
    const svg = drawing("svg", { viewBox: `0 0 ${span * 10} 50`, preserveAspectRatio: "none", role: "img", "aria-label": alt });
    for (const { year, mean } of cells) {
      const height = top.mean ? Math.max(48 * mean / top.mean, mean ? 0.8 : 0) : 0;
      const bar = drawing("rect", { x: (year - first) * 10 + 1, width: 8, y: 50 - height, height });
      bar.append(drawing("title", {}, `${year}: ${round(mean)}`));
      svg.append(bar);
    }
    const ends = element("div", { class: "ev-ends", "aria-hidden": "true" }, element("span", {}, `${first}`), element("span", {}, `${cells.at(-1).year}`));
    return element("figure", { class: "ev-bars" }, words("figcaption", alt), svg, ends);
  }

  function drawing(tag, attributes, text) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text) made.textContent = text;
    return made;
  }

  // ---- the tools

  function tools() {
    const bar = element("div", { class: "ev-tools" });
    if (state.lines.length) bar.append(views());
    bar.append(filterBox());
    if (state.view === "lines") bar.append(sortBox());
    if (state.own.size) bar.append(onlyBox());
    return [bar];
  }

  function views() {
    const group = element("div", { class: "ev-views", role: "group" });
    for (const view of ["lines", "table"]) {
      const button = element("button", { type: "button", "aria-pressed": `${state.view === view}`, "data-view": view }, say(view));
      button.addEventListener("click", () => {
        Object.assign(state, { view, limit: AT_ONCE });
        draw();
        box.querySelector(`[data-view="${view}"]`).focus();
      });
      group.append(button);
    }
    return group;
  }

  function filterBox() {
    const input = element("input", { type: "search", value: state.query, autocomplete: "off", spellcheck: "false" });
    input.addEventListener("input", () => { Object.assign(state, { query: input.value, limit: AT_ONCE }); rows(); });
    return element("label", {}, say("filter"), " ", input);
  }

  function sortBox() {
    const select = element("select");
    const keys = isShare() ? ["share", "year", "city"] : ["year", "city", "right", "left"];
    for (const key of keys) select.append(element("option", { value: key, selected: key === state.sort ? "" : null }, say(key)));
    select.addEventListener("change", () => { state.sort = select.value; rows(); });
    return element("label", {}, say("sort"), " ", select);
  }

  function onlyBox() {
    const input = element("input", { type: "checkbox" });
    input.checked = state.only;
    input.addEventListener("change", () => { Object.assign(state, { only: input.checked, limit: AT_ONCE }); rows(); });
    const city = [...state.own].join(language() === "zh" ? "、" : ", ");
    return element("label", { class: "ev-only" }, input, " ", words("span", say("only", { city })));
  }

  // ---- the rows

  function rows() {
    if (state.view === "lines") lines(); else table();
  }

  const terms = () => state.query.toLowerCase().split(/\s+/).filter(Boolean);

  function lines() {
    const sought = terms();
    const kept = state.lines.filter((line) => (!state.only || state.own.has(line.city)) && sought.every((word) => hay(line).includes(word)));
    const compare = ORDERS[state.sort];
    kept.sort((a, b) => (state.own.has(b.city) - state.own.has(a.city)) || compare(a, b) || a.at - b.at);
    const list = element("ol", { class: isShare() ? "ev-lines ev-passages" : "ev-lines" }, ...kept.slice(0, state.limit).map(lineItem));
    state.body.replaceChildren(list);
    tell(kept.length, "shown", "all_shown");
  }

  // The words next to the hit count most, so what stands before it is compared from its end.
  const backwards = (line) => line.back ??= [...line.left].reverse().join("");
  const ORDERS = {
    year: (a, b) => b.year - a.year || collator.compare(a.city, b.city),
    city: (a, b) => collator.compare(a.city, b.city) || b.year - a.year,
    right: (a, b) => collator.compare(a.right, b.right),
    left: (a, b) => collator.compare(backwards(a), backwards(b)),
    share: (a, b) => b.share - a.share,
  };

  const hay = (line) => line.hay ??= `${line.left}${line.hit}${line.right}\n${line.city}\n${line.year || ""}\n${line.title}`.toLowerCase();

  function lineItem(line) {
    const place = element("cite", { title: line.title, class: state.own.has(line.city) ? "own" : null }, words("span", line.city || say("unknown")), ` ${line.year || ""} `, words("span", line.title, "ev-title"));
    if (isShare()) return element("li", {}, element("span", { class: "ev-share" }, `${line.share} %`), words("span", line.right, "ev-passage"), place);
    const left = element("span", { class: "ev-left" }, words("span", line.left));
    return element("li", {}, left, words("mark", line.hit), words("span", line.right, "ev-right"), place);
  }

  function table() {
    const { store, tally: { cities } } = state;
    const sought = terms();
    const kept = [...cities].map(([at, cell]) => ({ at, cell, city: store.cities[at] ?? "" }))
      .filter(({ cell, city }) => cell.n && (!state.only || state.own.has(city)) && sought.every((word) => city.toLowerCase().includes(word) || cell.years.get(Number(word))?.n));
    // The newest year first: the table is wide, and its beginning is what a phone shows.
    const used = new Set(kept.flatMap(({ cell }) => [...cell.years.keys()]));
    const columns = state.counts ? [...used].sort((a, b) => b - a) : [];
    const by = state.by;
    const value = (row) => by === "total" ? amount(row.cell) : row.cell.years.has(by) ? amount(row.cell.years.get(by)) : -1;
    kept.sort((a, b) => (state.own.has(b.city) - state.own.has(a.city)) || (by === "city" ? 0 : value(b) - value(a)) || collator.compare(a.city, b.city));
    const most = Math.max(1, ...kept.flatMap(({ cell }) => columns.map((year) => cell.years.has(year) ? amount(cell.years.get(year)) : 0)));
    const body = element("tbody", {}, ...kept.slice(0, state.limit).map((row) => tableRow(row, columns, most)));
    const made = element("table", {}, element("thead", {}, tableHead(columns)), body);
    const legend = columns.length ? [words("p", say("legend"), "ev-note")] : [];
    state.body.replaceChildren(...legend, element("div", { class: "ev-scroll", tabindex: "0", role: "region", "aria-label": say("table") }, made));
    tell(kept.length, "rows_shown", "all_rows");
  }

  function tableHead(columns) {
    const cells = ["city", "total", ...columns].map((key) => {
      const button = element("button", { type: "button", "data-by": key }, key === 0 ? "?" : typeof key === "number" ? `${key}` : say(key));
      button.addEventListener("click", () => {
        state.by = key;
        table();
        state.body.querySelector(`[data-by="${key}"]`).focus();
      });
      const sorted = key === state.by ? (key === "city" ? "ascending" : "descending") : null;
      return element("th", { scope: "col", "aria-sort": sorted }, button);
    });
    return element("tr", {}, ...cells);
  }

  function tableRow({ cell, city }, columns, most) {
    const name = element("th", { scope: "row", class: state.own.has(city) ? "own" : null }, words("span", city || say("unknown")));
    const cells = columns.map((year) => {
      const one = cell.years.get(year);
      if (!one) return element("td");
      const made = element("td", { class: one.n ? null : "ev-zero" }, isShare() ? `${Math.round(amount(one))}` : number(one.n));
      if (one.n) made.style.setProperty("--much", `${Math.round(6 + 34 * amount(one) / most)}%`);
      return made;
    });
    return element("tr", {}, name, element("td", { class: "ev-total" }, shown(amount(cell))), ...cells);
  }

  function tell(all, some, every) {
    const n = Math.min(all, state.limit);
    state.status.replaceChildren(all === 0 ? say("none") : say(n < all ? some : every, { n: number(n), all: number(all) }));
    if (n === all) return;
    const more = element("button", { type: "button", class: "ev-more" }, say("more"));
    more.addEventListener("click", () => { state.limit += AT_ONCE; rows(); state.status.querySelector("button")?.focus(); });
    state.status.append(" ", more);
  }

  // ---- ways in

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button.ev");
    if (button) window.openEvidence(button.dataset.kind, button.dataset.item);
  });
  document.querySelectorAll("button.ev").forEach((button) => button.setAttribute("aria-haspopup", "dialog"));
  // The language of the page may be switched while the window is open.
  new MutationObserver(() => { if (box?.open) draw(); }).observe(document.documentElement, { attributeFilter: ["data-shown"] });
})();
