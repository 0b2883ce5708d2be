// Without this script every cell's code still unfolds by its own line; the script adds one switch for all of them.
(() => {
  // Both languages stand in what this script writes, as everywhere in the page.
  const both = (english, chinese) => [["en", "en", english], ["zh", "zh-Hans", chinese]].map(([shown, lang, words]) => {
    const span = Object.assign(document.createElement("span"), { lang, textContent: words });
    span.dataset.in = shown;
    return span;
  });
  const folds = [...document.querySelectorAll("details.code")];
  if (folds.length > 1) {
    const button = document.createElement("button");
    const words = (open) => open ? both("Hide all code", "收起全部代码") : both("Show all code", "显示全部代码");
    const label = () => { button.replaceChildren(...words(folds.every((f) => f.open))); };
    button.type = "button";
    button.className = "all-code";
    button.addEventListener("click", () => {
      const open = !folds.every((f) => f.open);
      folds.forEach((f) => { f.open = open; });
      label();
    });
    folds.forEach((f) => f.addEventListener("toggle", label));
    label();
    document.querySelector(".top .tools").prepend(button);
  }
  // What is folded can't be printed: short tables behind figures unfold on paper; long ones and code stay folded.
  const tables = [...document.querySelectorAll("figure details")];
  let before = null;  // which were open on the screen
  addEventListener("beforeprint", () => {
    before ??= tables.map((t) => t.open);
    tables.forEach((t) => { t.open = !t.classList.contains("long"); });
  });
  addEventListener("afterprint", () => {
    before?.forEach((open, i) => { tables[i].open = open; });
    before = null;
  });
})();
