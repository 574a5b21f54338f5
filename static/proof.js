// A cell leads to its proof. Here the proof comes to the cell, as a panel beside it; without script the link is followed.
(() => {
  const panel = document.getElementById("proof"), words = document.getElementById("proof-words");
  let from = null;
  if (!panel) return;

  document.addEventListener("click", async (event) => {
    const cell = event.target.closest?.("td.cell a");
    if (!cell || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const answer = await fetch(cell.href, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) { location.assign(cell.href); return; }
    words.innerHTML = await answer.text();
    from?.style.removeProperty("anchor-name");
    from = cell;
    from.style.setProperty("anchor-name", "--cell");
    panel.setAttribute("aria-label", words.querySelector(".q").textContent);
    panel.showPopover();
    panel.focus({ preventScroll: true });
  });

  // Who read the proof goes on at the cell it came from.
  panel.addEventListener("toggle", (event) => {
    if (event.newState === "closed" && (panel.contains(document.activeElement) || document.activeElement === document.body)) from?.focus();
  });
})();
