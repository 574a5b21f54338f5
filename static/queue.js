// Keys for the list, only while it has the focus; without this it is a list of links and buttons.
(() => {
  const list = document.getElementById("queue");
  if (!list) return;
  const rows = [...list.children];
  const task = (row) => row?.querySelector(".task");

  const keys = {
    j: (at) => task(rows[at + 1])?.focus(),
    k: (at) => task(rows[at - 1])?.focus(),
    c: (at) => rows[at].querySelector("button")?.click(),
    "/": () => document.getElementById("q").focus(),
  };
  keys.ArrowDown = keys.j;
  keys.ArrowUp = keys.k;

  // The keys work from the start, unless somebody came for a certain entry.
  if (!location.hash && document.activeElement === document.body) task(rows[0])?.focus({ preventScroll: true });

  list.addEventListener("keydown", (event) => {
    const at = rows.indexOf(event.target.closest("#queue > li"));
    if (at < 0 || !(event.key in keys) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key](at);
  });
})();
