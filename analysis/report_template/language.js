// The page's language. Both stand in the page; the style shows the one that <html data-shown> names. This script runs
// before the page is drawn, so that nobody sees one language flash before the other; its switch comes with the page.
// Asked in this order: the address (?lang=zh), what was chosen before, the language the page was made in.
(() => {
  const root = document.documentElement;
  const TAGS = { en: "en", zh: "zh-Hans" };
  const made = root.dataset.shown;
  const stored = () => { try { return localStorage.getItem("report-language"); } catch { return null; } };
  const store = (language) => { try { localStorage.setItem("report-language", language); } catch { /* not allowed here */ } };
  const asked = new URLSearchParams(location.search).get("lang");
  const shown = [asked, stored(), made].find((language) => Object.hasOwn(TAGS, language)) ?? "en";

  // Some browsers keep nothing for pages from a disk: there the links carry the language along.
  const carry = (link, language) => {
    const [, file, anchor] = link.getAttribute("href").match(/^([^?#]*)(?:\?[^#]*)?(#.*)?$/) ?? [];
    if (!file || !/\.html$/.test(file) || /^[a-z][a-z+.-]*:/i.test(file)) return;
    link.setAttribute("href", `${file}${language === made ? "" : `?lang=${language}`}${anchor ?? ""}`);
  };

  // What is read aloud or shown on hovering has both its versions in attributes.
  const swap = (language) => {
    for (const name of ["alt", "aria-label", "title"]) {
      for (const element of document.querySelectorAll(`[data-${language}-${name}]`)) {
        element.setAttribute(name, element.getAttribute(`data-${language}-${name}`));
      }
    }
    const title = document.querySelector("title");
    document.title = title?.getAttribute(`data-${language}`) ?? document.title;
  };

  const show = (language) => {
    root.dataset.shown = language;
    root.lang = TAGS[language];
    swap(language);
    document.querySelectorAll("a[href]").forEach((link) => carry(link, language));
    document.querySelectorAll(".switch [data-language]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    });
    // Charts, searches and other scripts that write words listen to this.
    document.dispatchEvent(new CustomEvent("report:language", { detail: language }));
  };

  root.dataset.shown = shown;
  root.lang = TAGS[shown];
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".switch").forEach((group) => {
      group.hidden = false;  // without this script it would do nothing, and is not shown
      group.addEventListener("click", (event) => {
        const language = event.target.closest("[data-language]")?.dataset.language;
        if (!language) return;
        store(language);
        const above = document.elementFromPoint(innerWidth / 2, 120)?.closest("p, li, tr, figure, h1, h2, h3");
        const before = above?.getBoundingClientRect().top;
        show(language);
        // The reader stays at the paragraph that was being read.
        if (above) scrollBy(0, above.getBoundingClientRect().top - before);
      });
    });
    show(shown);
  });
})();
