// Makes the filters quick and kind; without it they are a plain form, a few links and a button.
(() => {
  const panel = document.getElementById("panel");
  const search = document.getElementById("q");
  const here = () => document.activeElement?.id;

  // Clean addresses: a field left empty says nothing.
  document.addEventListener("htmx:configRequest", (event) => {
    const fields = event.detail.formData;
    for (const name of [...new Set(fields.keys())]) {
      const kept = fields.getAll(name).filter((value) => value !== "");
      fields.delete(name);
      kept.forEach((value) => fields.append(name, value));
    }
  });

  // One step back undoes one step: letters typed into one search are one step, and nothing new is none.
  let typing = false;
  search.addEventListener("change", (event) => event.stopPropagation());
  document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
    const step = event.detail.history;
    const same = step.path === location.pathname + location.search;
    if (same || (typing && here() === "q")) step.type = "replace";
    typing = here() === "q";
  });

  // Counts that nobody sees are not put in place: those behind "more kinds" come when it is opened.
  const form = document.getElementById("filters");
  const more = document.getElementById("more");
  const everything = form.getAttribute("hx-select-oob");
  let stale = false;
  document.addEventListener("htmx:beforeRequest", () => {
    form.setAttribute("hx-select-oob", more.open ? everything : everything.replace("#more-facets,", ""));
    stale = !more.open;
  });
  more.addEventListener("toggle", () => { if (more.open && stale) htmx.trigger(form, "submit"); });

  // Where the reader stands stays so when the counts come in anew. A sheet at its top is left alone:
  // to set its place would lay the new rows out twice.
  let focused = "", scrolled = 0;
  document.addEventListener("htmx:beforeSwap", () => {
    focused = here();
    scrolled = panel.open ? panel.querySelector(".sheet").scrollTop : 0;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (focused && here() !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
    if (scrolled) panel.querySelector(".sheet").scrollTop = scrolled;
  });

  // The sheet closes by Escape, by a click or a Tab out of it, and by its button (the rows are already there).
  const close = (focus) => { panel.open = false; if (focus) panel.querySelector("summary").focus(); };
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && panel.open) close(true); });
  panel.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !panel.contains(event.relatedTarget)) close(false);
  });
  document.addEventListener("click", (event) => {
    if (panel.open && event.target.isConnected && !panel.contains(event.target)) close(false);
    if (event.target.closest?.("#show")) close(true);
  });
})();
