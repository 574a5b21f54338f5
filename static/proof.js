// A cell leads to its proof. Here the proof comes to the cell, as a panel beside it; without script the link is followed.
(() => {
  const panel = document.getElementById("proof"), words = document.getElementById("proof-words");
  let from = null, asked = 0;

  document.addEventListener("click", async (event) => {
    const cell = event.target.closest?.("td.cell a");
    if (!cell || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const turn = ++asked;
    const answer = await fetch(cell.href, { headers: { "HX-Request": "true" } }).catch(() => null);
    const text = answer?.ok ? await answer.text() : "";
    if (turn !== asked) return; // Another cell was clicked meanwhile.
    if (!text) { location.assign(cell.href); return; }
    words.innerHTML = text;
    from?.style.removeProperty("anchor-name");
    from = cell;
    from.style.setProperty("anchor-name", "--cell");
    panel.setAttribute("aria-label", words.querySelector(".q")?.textContent ?? "Proof");
    panel.showPopover();
    panel.focus({ preventScroll: true });
  });

  // Who read the proof goes on at the cell it came from.
  panel.addEventListener("toggle", (event) => {
    const lost = panel.contains(document.activeElement) || document.activeElement === document.body;
    if (event.newState === "closed" && lost) from?.focus();
  });
})();
