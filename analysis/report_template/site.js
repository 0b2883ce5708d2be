// The list of cities: a field that narrows it. Without this script the list stands as it is, by province.
(() => {
  const field = document.getElementById("find");
  if (!field) return;
  const items = [...document.querySelectorAll("[data-find]")];
  const status = document.getElementById("found");
  // Readings are kept without tones; ü is typed as v or u.
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const words = new Map(items.map((item) => [item, plain(item.dataset.find).split(" ")]));
  const links = () => items.filter((item) => !item.hidden).map((item) => item.querySelector("a"));

  const say = () => {
    const template = status.dataset[document.documentElement.dataset.shown] ?? status.dataset.en;
    const shown = items.filter((item) => !item.hidden).length;
    status.textContent = template.replace("{n}", shown).replace("{all}", items.length);
  };

  const narrow = () => {
    const asked = plain(field.value).split(/\s+/).filter(Boolean);
    // The start of a reading (yanch), or any part of a name in Chinese (城市 within 盐城市).
    const fits = (word, part) => word.startsWith(part) || (/[^\x00-\x7f]/.test(part) && word.includes(part));
    for (const item of items) {
      item.hidden = !asked.every((part) => words.get(item).some((word) => fits(word, part)));
    }
    for (const group of document.querySelectorAll(".province")) {
      group.hidden = !group.querySelector("[data-find]:not([hidden])");
    }
    say();
  };

  field.addEventListener("input", narrow);
  document.addEventListener("report:language", say);
  document.addEventListener("keydown", (event) => {
    const open = links();
    const at = open.indexOf(document.activeElement);
    const inside = document.activeElement === field || at >= 0;
    if (!inside || event.isComposing) return;  // Enter and arrows then belong to the input of Chinese
    if (event.key === "ArrowDown") open[Math.min(at + 1, open.length - 1)]?.focus();
    else if (event.key === "ArrowUp") (at > 0 ? open[at - 1] : field).focus();
    else if (event.key === "Enter" && at < 0) open[0]?.click();
    else if (event.key === "Escape") { field.value = ""; narrow(); field.focus(); }
    else return;
    event.preventDefault();
  });
  document.querySelector(".find").hidden = false;
  narrow();
})();
