// Makes the filters quick and kind; without it they are a plain form, a few links and a button.
(() => {
  // Clean addresses: a field left empty says nothing.
  document.addEventListener("htmx:configRequest", (event) => {
    const fields = event.detail.formData;
    for (const name of [...new Set(fields.keys())]) {
      const kept = fields.getAll(name).filter((value) => value !== "");
      fields.delete(name);
      kept.forEach((value) => fields.append(name, value));
    }
  });

  const panel = document.getElementById("panel");

  // What the reader opened stays open when the counts come in anew.
  let opened = [];
  document.addEventListener("htmx:beforeSwap", () => {
    opened = [...document.querySelectorAll("#facets details[open]")].map((one) => one.id);
  });
  document.addEventListener("htmx:afterSettle", () => {
    opened.forEach((id) => { const one = document.getElementById(id); if (one) one.open = true; });
  });

  // The sheet closes by Escape, by a click beside it, and by its button (the rows are already there).
  const close = (focus) => { panel.open = false; if (focus) panel.querySelector("summary").focus(); };
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && panel.open) close(true); });
  document.addEventListener("click", (event) => {
    if (panel.open && event.target.isConnected && !panel.contains(event.target)) close(false);
    if (event.target.closest?.("#show")) close(true);
  });
})();
