// Copies exact words. Without script there is no button, and the words can be marked like any others.
(() => {
  const said = document.getElementById("copied");
  const buttons = document.querySelectorAll("button.duty-copy");
  const beside = (button) => button.parentElement.querySelector(".exact");

  const copy = async (button) => {
    const element = beside(button), words = element.textContent;
    // Browsers lend the clipboard to pages that came by https or from this machine; elsewhere the words are marked.
    const copied = await navigator.clipboard?.writeText(words).then(() => true, () => false);
    if (!copied) getSelection().selectAllChildren(element);
    said.textContent = copied ? `Copied: ${words}` : "The words are marked: copy them by keyboard.";
    button.classList.toggle("done", copied === true);
  };

  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
})();
