// Without this script every cell's code still unfolds by its own line; the script adds one switch for all of them.
(() => {
  const folds = [...document.querySelectorAll("details.code")];
  if (folds.length > 1) {
    const button = document.createElement("button");
    const label = () => { button.textContent = folds.every((f) => f.open) ? "Hide all code" : "Show all code"; };
    button.type = "button";
    button.className = "all-code";
    button.addEventListener("click", () => {
      const open = !folds.every((f) => f.open);
      folds.forEach((f) => { f.open = open; });
      label();
    });
    folds.forEach((f) => f.addEventListener("toggle", label));
    label();
    document.querySelector(".top nav").append(button);
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
