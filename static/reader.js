// Keeps what is typed as a draft, and turns words marked in the text into a quote. Without it the form has buttons for both.
(() => {
  const form = document.getElementById("sheet");
  const words = document.getElementById("words");

  // The draft: kept half a second after the last key, and when the page goes.
  let timer = 0, sending = null, changed = false, leaving = false;
  const preview = document.getElementById("preview");
  const renew = () => { // Who logged in again in another tab has another token than this page.
    const token = /(?:^|; )csrftoken=(\w+)/.exec(document.cookie)?.[1];
    if (token) document.getElementsByName("csrfmiddlewaretoken").forEach((field) => { field.value = token; });
  };
  const fields = () => { renew(); const data = new FormData(form); data.set("do", "keep"); return data; };
  const say = (text) => { document.getElementById("kept").textContent = text; };
  const keep = async () => {
    clearTimeout(timer);
    if (sending) await sending;
    if (!changed || leaving) return;
    changed = false;
    sending = fetch(form.action, { method: "POST", body: fields(), headers: { "HX-Request": "true" } })
      .then(async (answer) => {
        if (answer.ok && !answer.redirected) { preview.innerHTML = await answer.text(); return; }
        changed = true;
        say(answer.redirected
          ? "Not kept: you are logged out. Log in in another tab, then go on typing here."
          : `Not kept (${answer.status}). Your words are still here; shorten them, or reload in another tab.`);
      })
      .catch(() => { changed = true; say("Not kept: the site does not answer. Your words are still here."); });
    await sending;
    sending = null;
  };
  form.addEventListener("input", () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(keep, 500);
  });
  // A draft that arrives after it was handed in would be a new one: what is on its way comes first.
  document.addEventListener("submit", async (event) => {
    const sent = event.target, waits = sending || (changed && sent !== form);
    if (leaving) return;
    renew();
    clearTimeout(timer);
    remember();
    if (waits) {
      event.preventDefault();
      await (sent === form ? sending : keep());
    }
    leaving = true;
    if (waits) sent.requestSubmit(event.submitter);
  });
  addEventListener("pagehide", () => { if (changed && !leaving) navigator.sendBeacon(form.action, fields()); });
  addEventListener("pageshow", () => { leaving = false; });

  // A page that comes back after a button shows the text where it was.
  const showQuoted = () => { // Who opens a clause that is read wants to see its words.
    const quoted = document.getElementById("d-0");
    if (quoted) pane.scrollTop += quoted.getBoundingClientRect().top - pane.getBoundingClientRect().top - 120;
  };
  const pane = document.getElementById("text"), place = `reader ${location.pathname} ${words?.dataset.document}`;
  const remember = () => { try { sessionStorage.setItem(place, pane.scrollTop); } catch { /* Not allowed: it begins at the top. */ } };
  try {
    if (sessionStorage.getItem(place)) pane.scrollTop = sessionStorage.getItem(place);
    else if (!location.hash && pane.scrollHeight > pane.clientHeight) showQuoted();
    sessionStorage.removeItem(place);
  } catch { /* The same. */ }
  document.getElementById("faults")?.scrollIntoView({ block: "nearest" });

  if (!words) return;
  const quoting = document.getElementById("quoting"), button = document.getElementById("quote-these");
  const marked = document.getElementById("marked");

  // Every word of the text with its place. The names of clauses beside the quotes are ours, not theirs.
  let every = null;
  const all = () => {
    if (every) return every;
    every = [];
    const walk = document.createTreeWalker(words, NodeFilter.SHOW_TEXT, (node) =>
      node.parentElement.closest(".proves") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    while (walk.nextNode()) {
      const node = walk.currentNode, of = node.parentElement.closest("[data-start]");
      for (const found of of ? node.data.matchAll(/\S+/g) : [])
        every.push({ node, of, start: found.index, end: found.index + found[0].length });
    }
    return every;
  };

  // What is marked, without our names, and about where it stands.
  const bare = (range) => {
    const copy = range.cloneContents();
    copy.querySelectorAll(".proves").forEach((name) => name.remove());
    return copy.textContent;
  };
  const selected = () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!words.contains(range.commonAncestorContainer)) return null;
    const text = bare(range).split(/\s+/).filter(Boolean);
    const node = range.startContainer, of = (node.parentElement ?? node).closest("[data-start]");
    if (!text.length) return null;
    let near = 0;
    if (of) {
      const before = document.createRange();
      before.setStart(of, 0);
      before.setEnd(node, range.startOffset);
      near = Number(of.dataset.start) + bare(before).length;
    }
    return { text, near };
  };
  document.addEventListener("selectionchange", () => {
    const found = selected();
    quoting.hidden = !found;
    if (!found) { marked.textContent = ""; return; }
    const many = found.text.length, count = `${many} word${many === 1 ? "" : "s"}`;
    button.textContent = many > 15 ? `${count} are marked, a quote has at most 15` : many === 1 ? "Quote this word" : `Quote these ${count}`;
    button.disabled = many > 15;
    marked.textContent = `${count} marked: ${found.text.slice(-15).join(" ")}`;
  });
  const quote = () => {
    const found = selected();
    if (!found || found.text.length > 15) return;
    form.elements["paste.words"].value = found.text.join(" ");
    form.elements["paste.document"].value = words.dataset.document;
    form.elements["paste.near"].value = found.near;
    form.requestSubmit(document.getElementById("add-words"));
  };
  button.addEventListener("mousedown", (event) => event.preventDefault()); // The marked words stay marked.
  button.addEventListener("click", quote);

  // By keyboard: from word to word and from paragraph to paragraph.
  let from = -1, to = -1;
  const mark = () => {
    const list = all(), [first, last] = from <= to ? [list[from], list[to]] : [list[to], list[from]];
    getSelection().setBaseAndExtent(first.node, first.start, last.node, last.end);
    list[to].node.parentElement.scrollIntoView({ block: "nearest" });
  };
  const step = (key) => {
    const list = all();
    if (to < 0) return 0;
    if (key === "ArrowRight") return Math.min(to + 1, list.length - 1);
    if (key === "ArrowLeft") return Math.max(to - 1, 0);
    if (key === "ArrowDown") {
      const next = list.findIndex((word, at) => at > to && word.of !== list[to].of);
      return next < 0 ? to : next;
    }
    const begins = (at) => list.findIndex((word) => word.of === list[at].of);
    const here = begins(to);
    return here < to || !here ? here : begins(here - 1);
  };
  words.addEventListener("pointerdown", () => { from = to = -1; });
  words.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== words) return;
    if (/^Arrow/.test(event.key) && all().length) {
      event.preventDefault();
      to = step(event.key);
      if (!event.shiftKey || from < 0) from = to;
      mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      quote();
    } else if (event.key === "Escape") {
      getSelection().removeAllRanges();
      from = to = -1;
      form.elements["paste.words"].focus();
    }
  });
})();
