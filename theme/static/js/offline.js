/* Writing without network: the form is kept on this device once somebody asks for it; its notes stay
   here until they are sent, and are told one by one. */
(() => {
  const bar = document.getElementById("offline"), form = document.querySelector("form[data-draft]");
  if (!bar || !Notes.able) return;
  const here = Notes.addressOf(form), $ = (selector) => bar.querySelector(selector);
  if (new URL(here).origin !== location.origin) return;
  const title = form.querySelector("[name=title]"), ticket = form.querySelector("[name=_ticket]");
  const DAY = 864e5, CACHE = `vigie ${here}`, worker = new URL(bar.dataset.worker, location).href;
  let ready, network = navigator.onLine ? "on" : "off", opened, asked; // asked: "all", or a note

  // The page as it is kept: everything it is made of first; without its ticket, which is for once.
  const keepPage = async ({ page, text, answer }) => {
    const cache = await caches.open(CACHE), there = (await cache.keys()).map(({ url }) => url);
    const parts = [...page.querySelectorAll("link:is([rel=stylesheet], [rel=preload]), script[src]")]
      .map((part) => part.href || part.src);
    await cache.addAll(parts.filter((part) => !there.includes(part)));
    const headers = ["Content-Type", "Content-Security-Policy", "Referrer-Policy"]
      .map((name) => [name, answer.headers.get(name)]).filter(([, value]) => value);
    const html = text.replace(/(name="_ticket" value=")[^"]*/, "$1");
    await cache.put(here, new Response(html, { headers }));
    for (const url of there) if (![here, ...parts].includes(url)) await cache.delete(url);
  };
  const prepare = async (page) => {
    await navigator.serviceWorker.register(worker, { scope: new URL(here).pathname });
    await keepPage(page);
    await Notes.list(); // so that it fails now, if it must
    Notes.prepare(here);
    ready = true;
  };

  // What is said.
  const say = (what) => { $("[aria-live]").textContent = bar.dataset[what] ?? ""; };
  const see = (now) => {
    network = now;
    for (const part of document.querySelectorAll(".form-page [data-away]")) {
      const words = part.querySelector("button") ?? part;
      part.dataset.here ??= words.textContent;
      words.textContent = ready && now !== "on" ? part.dataset.away : part.dataset.here;
    }
    for (const part of bar.querySelectorAll("[data-network]"))
      part.hidden = part.dataset.network !== now;
  };
  const look = async () => {
    const page = await Notes.live(here);
    see(page.open ? "on" : page.gone ? "gone" : "off");
    return page;
  };
  const isFor = (part, now) => part.dataset.when.split(" ").includes(now);
  // The server may have filled in the form with a note, under the ticket of that note.
  const isHere = (note) => note.ticket && note.ticket === ticket.value
    && note.state !== "sent" && !note.leaving;
  const stateOf = (note) => asked === note.id ? "asked"
    : opened?.note.id === note.id ? "opened" : isHere(note) ? "here"
    : note.state !== "waiting" ? note.state : note.why || (note.leaving ? "leaving" : "waiting");
  const row = (note) => {
    const line = $("#offline-note li").cloneNode(true);
    const part = (selector) => line.querySelector(selector), now = stateOf(note);
    line.dataset.note = note.id;
    part("strong").textContent = note.title;
    part("time").textContent = new Date(note.at).toLocaleString(bar.lang,
      { day: "numeric", month: "long", hour: "numeric", minute: "2-digit" })
      .replace(/:(?=\d\d$)/, bar.lang === "fr" ? "\u202fh\u202f" : ":");
    part("a").href = note.receipt ?? "";
    if (note.lacks) part("[data-lacks]").textContent = part("[data-lacks]").dataset.lacks + note.lacks;
    if (note.form === note.aside) part("[data-act=aside]").remove();
    for (const one of line.querySelectorAll("[data-when]")) if (!isFor(one, now)) one.remove();
    const there = $(`[data-note="${note.id}"]`);
    return there?.isEqualNode(line) ? there : line; // a finger may be on it
  };
  const show = async () => {
    const found = ready ? await Notes.list().catch(() => { say("refused"); return []; }) : [];
    const isSent = ({ state }) => state === "sent"; // what somebody has to look at comes first
    const notes = found.sort((one, two) => isSent(one) - isSent(two) || two.at - one.at);
    const states = notes.map(stateOf);
    const unsent = notes.filter((note) => !isSent(note)).length;
    $("#offline-count").textContent = bar.dataset[unsent > 1 ? "many" : unsent ? "one" : "none"]
      .replace("{n}", unsent);
    const list = $(".offline-notes"), lines = notes.map(row);
    if (lines.length !== list.children.length || lines.some((line, at) => line !== list.children[at]))
      list.replaceChildren(...lines);
    $("[data-act=send]").hidden = !notes.some(({ state }) => state === "waiting");
    $("#offline-lost").hidden = !unsent;
    if (states.some((state) => ["read", "wrong", "closed", "asked"].includes(state)))
      $(".offline-on details").open = true;
    for (const part of bar.querySelectorAll("[data-when]:not(li *)"))
      part.hidden = !isFor(part, asked === "all" ? asked : ready ? "on" : "off");
    bar.hidden = false;
  };

  // What is typed. Tickets, the trap and pictures are in no note.
  const inputs = () => [...form.querySelectorAll("[name]:not(button)")]
    .filter((one) => !one.matches("[name^=_]:not([data-kept]), [data-fresh], [type=file]"));
  const values = () => {
    const names = new Set(inputs().map(({ name }) => name));
    return [...new FormData(form)].filter(([name, value]) => value && names.has(name));
  };
  const isBox = ({ type }) => type === "radio" || type === "checkbox";
  const lacks = () => [...form.querySelectorAll(".field:not(.field .field)")]
    .filter((field) => field.getClientRects().length && !field.querySelector(".optional")
      && ![...field.querySelectorAll("[name]")].some((one) => isBox(one) ? one.checked : one.value))
    .map((field) => field.querySelector(".question").textContent.trim()).join(" · ");
  const hidden = ([name, value]) =>
    Object.assign(document.createElement("input"), { type: "hidden", name, value });
  const fill = (pairs) => {
    const left = [...pairs];
    const take = (fits) => {
      const at = left.findIndex(fits);
      return at < 0 ? undefined : left.splice(at, 1)[0][1];
    };
    for (const one of inputs()) {
      const found = take(([name, value]) => name === one.name && (!isBox(one) || value === one.value));
      if (isBox(one)) one.checked = found !== undefined;
      else one.value = found ?? "";
      if (found) one.closest("details:not(.common)")?.setAttribute("open", "");
    }
    const over = (pair) => Object.assign(hidden(pair), { className: "left-over" });
    form.append(...left.map(over)); // rows that this page does not have
    dispatchEvent(new Event("pageshow")); // form.js counts again
  };
  const clear = () => {
    const sheet = form.querySelector("#sheet-number"), next = sheet && +sheet.value + 1;
    form.querySelectorAll(".left-over").forEach((one) => one.remove());
    HTMLFormElement.prototype.reset.call(form);
    if (next) sheet.value = next;
    opened?.release();
    opened = undefined;
    dispatchEvent(new Event("pageshow"));
  };
  const keep = async () => {
    const typed = values(), bare = [...form.querySelectorAll("[type=file]")].some((one) => one.value);
    if (!title.value.trim()) title.focus();
    if (!title.value.trim()) return say("first");
    try {
      const note = opened?.note ?? (await Notes.list()).find(isHere) ?? Notes.fresh(here);
      await Notes.put({ ...note, title: Notes.titled(typed), values: typed, lacks: lacks(),
        aside: new URL(bar.dataset.aside, location).href, state: "waiting", why: "", read: false,
        leaving: false });
    } catch { return say("failed"); }
    form.dispatchEvent(new Event("kept")); // its draft has done its time: draft.js
    if (title.defaultValue) return location.assign(here); // the server had filled it in
    clear();
    await show();
    say(bare ? "bare" : "kept");
    bar.scrollIntoView();
    $(".offline-on summary").focus({ preventScroll: true });
  };
  const seek = () => { say("seeking"); return look().finally(() => say("")); };
  Notes.hold(form, seek, async (page, submitter, pass) => {
    if (!page.open) return submitter?.name ? say("rows") : keep();
    ticket.value ||= page.ticket; // a page that was kept has none
    if (opened) await Notes.change(opened.note.id, () => ({ state: "read", ticket: ticket.value,
      values: values(), title: Notes.titled(values()) })).catch(() => {});
    pass();
  });
  form.addEventListener("resume", (event) => { // a draft, which the server would fill in: draft.js
    if (!ready || network === "on") return;
    event.preventDefault();
    fill(event.detail);
  });

  // One note again: by the server, which tells what is wrong with it; without network, here.
  const post = (address, pairs) => {
    const sent = Object.assign(document.createElement("form"), { method: "post", action: address });
    sent.append(...pairs.map(hidden));
    document.body.append(sent);
    HTMLFormElement.prototype.submit.call(sent);
  };
  const open = (id) => Notes.holding(id, async (mine) => {
    const note = mine && await Notes.find(id);
    if (!note || note.state === "sent" || note.leaving && !note.why) return say("busy");
    const page = await Notes.live(note.form), edit = note.state === "waiting" ? [["_edit", "1"]] : [];
    if (page.open) { // in two tabs under one ticket
      const young = note.ticket && Date.now() - note.took < DAY / 4;
      const change = { state: edit.length ? "read" : note.state,
        ...young ? {} : { ticket: page.ticket, took: Date.now() } };
      const { ticket: under } = await Notes.change(id, () => change);
      return post(note.form, [...note.values, ["_ticket", under], ...edit]);
    }
    if (note.form !== here) return location.assign(`${note.form}#${id}`);
    clear();
    const released = new Promise((release) => { opened = { note, release }; });
    fill(note.values);
    await show();
    say("opened");
    title.focus();
    return released;
  });
  const forget = async () => {
    for (const one of await navigator.serviceWorker.getRegistrations())
      if (one.active?.scriptURL === worker) await one.unregister();
    for (const name of await caches.keys()) if (name.startsWith("vigie ")) await caches.delete(name);
    for (const { id } of await Notes.list()) await Notes.erase(id);
    if (opened) clear();
    form.dispatchEvent(new Event("kept")); // the draft that is being written
    for (const key of Object.keys(localStorage)) if (/^vigie-/.test(key)) delete localStorage[key];
    ready = false;
  };

  const acts = {
    prepare: () => look().then(prepare).then(() => {
      say("ready");
      navigator.storage?.persist?.(); // some browsers ask the person, who may take time
    }, () => say("refused")),
    send: async () => {
      say("sending");
      await Notes.round(show);
      await look();
      say(network === "off" ? "still" : "");
    },
    open: (id) => { open(id); },
    leave: () => { clear(); say(""); },
    ask: (id) => { asked = id ?? "all"; },
    cancel: () => { asked = undefined; },
    erase: (id) => Notes.holding(id, async (mine) => {
      asked = undefined;
      if (mine) await Notes.erase(id);
      say(mine ? "erased" : "busy");
    }),
    aside: async (id) => { // to the form that is no workshop's
      await Notes.change(id, ({ aside }) => ({ form: aside, ticket: "", why: "", leaving: false }));
      await Notes.round(show);
    },
    forget: async () => { asked = undefined; await forget(); say("forgotten"); },
  };
  bar.addEventListener("click", async ({ target }) => {
    const { act } = target.dataset, id = target.closest("[data-note]")?.dataset.note;
    if (!act) return;
    await acts[act](id);
    await show();
    if (act !== "open") ((id && $(`[data-note="${id}"] button`))
      || $("[data-when]:not([hidden], li *) :is(summary, button)")).focus();
  });

  const begin = async () => {
    ready = Notes.prepared(here);
    see(network);
    await show();
    if (!ready) return;
    const page = await look(), id = location.hash.slice(1);
    if (page.open) await prepare(page).catch(() => {}); // it stays as it was kept
    const waits = ({ form: of, state }) => of === here && state !== "sent";
    if (page.gone && !(await Notes.list()).some(waits)) await caches.delete(CACHE);
    await Notes.tidy();
    if (id && await Notes.find(id)) {
      history.replaceState(null, "", location.pathname);
      open(id);
    }
    await Notes.round(show);
  };
  const again = () => document.hidden || !ready
    || look().then(() => Notes.round(show)).then(() => say(""));
  addEventListener("online", again);
  addEventListener("offline", () => see("off"));
  document.addEventListener("visibilitychange", again);
  begin().catch(() => say("refused"));
})();
