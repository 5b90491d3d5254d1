/* Drafts: kept on this device, once somebody has asked for it. */
(() => {
  const $ = (selector) => document.querySelector(selector);
  const PREFIX = "vigie-draft:", HOUR = 36e5, WEEK = 6048e5;

  const attempt = (act) => { try { return act(); } catch {} }; // it may be forbidden
  const read = (key) => attempt(() => JSON.parse(localStorage[key]));
  const write = (key, draft) => attempt(() => localStorage[key] = JSON.stringify(draft));
  const drop = (key) => attempt(() => delete localStorage[key]);
  const isOver = ({ at, sent }) =>
    !(Date.now() - at < WEEK) || $("[data-draft-done]") && Date.now() - sent < HOUR;

  Object.keys(attempt(() => localStorage) ?? {})
    .filter((key) => key.startsWith(PREFIX) && isOver(read(key) ?? {})).forEach(drop);

  // A field may be named like a property of the form, but not in camelCase.
  const form = $("form[data-draft], form[data-draft-sent]"), bar = $("#draft");
  if (!form) return;
  const review = form.getAttribute("data-draft-sent");
  const key = PREFIX + (review ?? form.getAttribute("data-draft"));
  const mark = (sent) => read(key) && write(key, { ...read(key), sent });
  mark(); // shown again: not sent
  if (review) form.addEventListener("submit", ({ submitter }) =>
    submitter?.hasAttribute("name") || mark(Date.now()));
  if (!bar) return;

  // Tickets, the trap and pictures are in no draft.
  const isKept = (name) =>
    !form.querySelector(`[name="${name}"]`)
      .matches("[name^=_]:not([data-kept]), [data-fresh], [type=file]");
  const values = () => [...new FormData(form)].filter(([name, value]) => value && isKept(name));

  const said = $("#draft [aria-live]");
  let state, before, timer, last;
  const show = (next) => {
    state = next;
    for (const part of bar.querySelectorAll("[data-when]"))
      part.hidden = !part.dataset.when.includes(state);
  };
  const words = (what, at) => {
    const [h, m] = (at = new Date(at)).toTimeString().split(":");
    const day = at.toLocaleDateString(bar.lang, { day: "numeric", month: "long" })
      .replace(/^1 (?=[a-z])/, "1er ");
    return bar.dataset[what]?.replace("{day}", day).replace("{h}", +h).replace("{m}", m);
  };
  const say = (what, at) => {
    said.ariaLive = last === what ? "off" : "polite"; // not each minute
    said.textContent = words(last = what, at);
  };
  const save = () => {
    timer = clearTimeout(timer);
    const at = Date.now(), kept = write(key, { at, values: values() });
    say(kept ? "kept" : "failed", at);
    return kept;
  };

  const acts = {
    keep: () => save() && show("kept"),
    drop: () => { timer = clearTimeout(timer); drop(key); show("none"); say("dropped"); },
    ask: () => { before = state; show("asked"); },
    cancel: () => show(before),
    // The server fills in the form, rows too.
    resume: () => {
      const resuming = new CustomEvent("resume", { cancelable: true, detail: read(key)?.values });
      if (!form.dispatchEvent(resuming)) return; // without network: offline.js
      form.addEventListener("formdata", ({ formData: all }) => {
        [...all.keys()].filter(isKept).forEach((name) => all.delete(name));
        for (const pair of [...read(key)?.values ?? [], ["_edit", 1]]) all.append(...pair);
      }, { once: true });
      HTMLFormElement.prototype.submit.call(form);
    },
    erase: () => {
      acts.drop();
      location.replace(form.getAttribute("action") + "?vide");
    },
  };
  bar.addEventListener("click", ({ target }) => {
    if (!target.dataset.act) return;
    acts[target.dataset.act]();
    $("#draft button:not([hidden], [hidden] *)").focus();
  });
  form.addEventListener("kept", () => state === "kept" && acts.drop()); // it is a note: offline.js
  form.addEventListener("input", () => state === "kept" && (timer ??= setTimeout(save, 500)));
  addEventListener("pagehide", () => timer && save());

  // Also after Back: the draft may be newer.
  addEventListener("pageshow", () => {
    const draft = read(key), same = JSON.stringify(draft?.values) === JSON.stringify(values());
    show(!draft ? "none" : same ? "kept" : "offered");
    $("[data-act=resume]").textContent = words("offer", draft?.at);
    const erased = location.search === "?vide"; // said once: not of a page that is loaded again
    say(same ? "kept" : !draft && erased && "erased", draft?.at);
    if (erased) history.replaceState(null, "", location.pathname);
    bar.hidden = false;
  });
})();
