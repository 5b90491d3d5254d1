/* The inbox by keyboard: keys press the buttons that are there; after a decision the next one is at hand. */
(() => {
  const form = document.querySelector("[data-inbox]"), help = document.getElementById("touches");
  const PLACE = "vigie-inbox-place";
  const keep = (act) => { try { return act(sessionStorage); } catch {} }; // it may be forbidden
  const undo = () => document.querySelector("[data-undo]")?.click();
  const isTyping = (on) => on.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
  let here, sent = false;
  addEventListener("pageshow", () => { sent = false; });
  addEventListener("submit", () => {
    sent = true;
    keep((store) => { store[PLACE] = here?.getBoundingClientRect().top ?? ""; });
  });

  const stories = [...form?.querySelectorAll(".story") ?? []];
  const go = (story, how) => {
    if (!story) return;
    story.focus({ preventScroll: true });
    story.scrollIntoView({ block: "nearest", ...how });
  };
  const move = (by) => go(stories[here ? stories.indexOf(here) + by : 0]);
  const reasons = () => here?.querySelector("[data-discard]");
  const discard = () => {
    const fold = reasons();
    if (!fold) return;
    fold.open = true;
    fold.querySelector("button").focus();
  };
  const close = () => { if (reasons()?.open) { reasons().open = false; here.focus(); } };
  const press = (what) => () => here?.querySelector(what)?.click();
  const acts = {
    j: () => move(1), k: () => move(-1), g: press("[data-key=g]"), p: press("[data-key=p]"),
    r: press("[data-key=r]"), e: discard, "é": discard, z: undo, o: press("[data-open]"),
    l: () => { const to = here?.querySelector("[data-read]"); if (to) open(to.href, "_blank", "noopener,noreferrer"); },
    x: press("[type=checkbox]"), escape: close,
    "?": () => { if (help) { help.open = !help.open; help.querySelector("summary").focus(); } },
  };
  const moves = ["j", "k"];

  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || sent) return;
    if (event.repeat && !moves.includes(key)) return;
    const number = /^[1-9]$/.test(key) && reasons()?.open && +key;
    const act = number ? () => reasons().querySelectorAll("button")[number - 1]?.click()
      : key === "enter" && event.target === here ? acts.o : acts[key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  form?.addEventListener("focusin", ({ target }) => { here = target.closest(".story") ?? here; });

  addEventListener("click", ({ target }) => { // elsewhere: reasons that were open are not wanted
    for (const fold of document.querySelectorAll("[data-discard][open]"))
      if (!fold.contains(target)) fold.open = false;
  });

  if (!form) return;
  help.hidden = false;
  form.classList.add("by-keys");
  // The one that follows stands where the one before it stood.
  const next = stories.find(({ id }) => `#${id}` === location.hash), top = keep((store) => store[PLACE]);
  keep((store) => delete store[PLACE]);
  if (!next) return;
  next.focus({ preventScroll: true });
  if (top) scrollBy(0, next.getBoundingClientRect().top - top);
})();
