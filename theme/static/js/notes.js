/* Notes written without network: kept on this device, once somebody has prepared it, and sent later.

   A note goes as a person would send it: its form gives a ticket, which is written beside it before
   anything is sent; the server reads it over; then it is confirmed. The same ticket with the same
   words is one submission, however often it comes: an answer that was lost is asked for again. */
const Notes = (() => {
  const READY = "vigie-offline", LOCK = "vigie-notes", DAY = 864e5, GONE = [404, 405, 410];
  const PACE = 2500; // ms between a ticket and what is sent under it: machines are faster
  const PATIENCE = 3e4, QUICK = 4e3; // ms: for an answer; while somebody waits for it
  const SOON = 15e3, SELDOM = 9e5; // ms until another attempt
  const able = isSecureContext && "serviceWorker" in navigator && "locks" in navigator
    && "indexedDB" in self && "timeout" in AbortSignal;

  // Which forms this device is prepared for, by their addresses.
  const ready = () => { try { return JSON.parse(localStorage[READY]); } catch { return []; } };
  const prepared = (form) => able && ready().includes(form);
  const prepare = (form) => {
    localStorage[READY] = JSON.stringify([...new Set([...ready(), form])]);
  };

  // The store. What is written is on the disk when it says so: not so with localStorage.
  const within = (mode, act) => new Promise((done, fail) => {
    const asked = indexedDB.open("vigie", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("notes", { keyPath: "id" });
    asked.onerror = () => fail(asked.error);
    asked.onsuccess = () => {
      const base = asked.result;
      try {
        const transaction = base.transaction("notes", mode, { durability: "strict" });
        const found = act(transaction.objectStore("notes"));
        transaction.oncomplete = () => { base.close(); done(found.result); };
        transaction.onabort = () => { base.close(); fail(transaction.error); };
      } catch (error) { base.close(); fail(error); }
    };
  });
  const list = () => within("readonly", (notes) => notes.getAll());
  const find = (id) => within("readonly", (notes) => notes.get(id));
  const put = (note) => within("readwrite", (notes) => notes.put(note));
  const erase = (id) => within("readwrite", (notes) => notes.delete(id));
  const change = async (id, act) => { // one that is still there
    let changed;
    await within("readwrite", (notes) => {
      const found = notes.get(id);
      found.onsuccess = () => {
        if (found.result) notes.put(changed = { ...found.result, ...act(found.result) });
      };
      return found;
    });
    return changed;
  };
  const titled = (values) => values.find(([name]) => name === "title")?.[1].trim() ?? "";
  const fresh = (form) => ({
    id: crypto.randomUUID(), form, at: Date.now(), ticket: "", leaving: false, read: false,
  });
  // For one's own while `act` lasts: it is not sent then, nor corrected elsewhere.
  const holding = (id, act) => navigator.locks.request(`${LOCK} ${id}`, { ifAvailable: true }, act);

  // The server.
  const ask = async (address, sent, patience = PATIENCE) => {
    const answer = await fetch(address, {
      method: sent ? "POST" : "GET", body: sent && new URLSearchParams(sent), cache: "no-store",
      signal: AbortSignal.timeout(patience),
    });
    const text = await answer.text();
    const bare = text.replace(/<style.*?<\/style>/gs, ""); // it is not looked at
    const page = new DOMParser().parseFromString(bare, "text/html");
    const ticket = page.querySelector("form[data-draft] [name=_ticket]")?.value;
    return { answer, status: answer.status, text, page, ticket };
  };
  // What an answer makes of a note; nothing where it is to be confirmed. Throws what may pass.
  const outcome = ({ answer, status, page, ticket }) => {
    if (page.querySelector("[data-draft-done]")) return {
      state: "sent", receipt: answer.url, at: Date.now(), values: [], why: "", leaving: false,
    };
    if (GONE.includes(status)) return { why: "closed" };
    if (status === 413 || ticket && status < 429) return { state: "wrong", why: "" };
    if (status === 200 && page.querySelector("#review")) return null;
    throw new Error(`answered ${status}`); // a fault that passes; or a page that is not the site's
  };
  const take = async (note) => {
    const answer = await ask(note.form), { ticket } = answer;
    const end = answer.status === 200 && ticket ? { ticket, took: Date.now() } : outcome(answer);
    return change(note.id, (kept) => kept.ticket ? {} : end); // another tab may have been faster
  };
  const send = async (note) => {
    const first = await ask(note.form, [...note.values, ["_ticket", note.ticket]]);
    const end = outcome(first);
    if (end) return end;
    if (first.page.querySelector("#told-title") && !note.read) return { state: "read", why: "" };
    const sealed = new FormData(first.page.querySelector("#review"));
    await change(note.id, () => ({ ticket: sealed.get("_ticket"), leaving: true }));
    return outcome(await ask(note.form, sealed)) ?? {};
  };

  // Sending all that waits, in one tab at a time; again later, ever less often, what could not go.
  const waiting = async () => (await list()).filter(({ state }) => state === "waiting")
    .sort((one, two) => one.at - two.at);
  const attempt = async (act) => { try { return await act(); } catch {} };
  let timer, pause = SOON;
  const round = (told = () => {}) => navigator.locks.request(LOCK, async () => {
    clearTimeout(timer);
    let taken = 0;
    for (const note of await waiting())
      if (!note.ticket) taken += !!await attempt(() => take(note));
    if (taken) await new Promise((done) => setTimeout(done, PACE));
    for (const { id } of await waiting()) await attempt(() => holding(id, async (mine) => {
      const note = mine && await find(id);
      if (!note?.ticket || note.state !== "waiting") return;
      const end = await send(note);
      await change(id, () => end);
      told();
    }));
    const left = (await waiting()).length;
    pause = left ? Math.min(2 * pause, SELDOM) : SOON;
    if (left) timer = setTimeout(() => round(told), pause);
  }).then(told, told);
  const tidy = async () => { // of what was sent, a day later nothing is left
    for (const { id, state, at } of await list())
      if (state === "sent" && Date.now() - at > DAY) await erase(id);
  };

  // A form whose button is pressed goes nowhere before it is known whether there is a network:
  // `act` lets it pass, or keeps what it says. Meanwhile nothing can be typed, nor be lost.
  const hold = (form, look, act) => {
    let passing = false;
    addEventListener("submit", async (event) => {
      if (event.target !== form || passing || !prepared(addressOf(form))) return;
      event.preventDefault();
      event.stopImmediatePropagation(); // form.js counts what is sent
      if (form.inert) return;
      const { submitter } = event, before = document.activeElement;
      form.inert = true;
      const page = await look(addressOf(form));
      form.inert = false;
      before.focus({ preventScroll: true });
      act(page, submitter, () => {
        passing = true;
        HTMLFormElement.prototype.requestSubmit.call(form, submitter);
        passing = false;
      });
    }, true);
  };
  const addressOf = (form) => new URL(form.getAttribute("action"), location).href;
  // The form as it is now; neither open nor gone where the network is away, or not the site's.
  const live = (form) => ask(form, null, QUICK).then(
    (one) => ({ ...one, open: one.status === 200 && !!one.ticket, gone: GONE.includes(one.status) }),
    () => ({ open: false, gone: false }));

  // What was read over and is being sent is a note until its receipt is there.
  const review = document.querySelector("form[data-draft-sent]");
  if (review) hold(review, live, async ({ open }, submitter, pass) => {
    if (submitter?.name) return pass();
    const form = addressOf(review), all = [...new FormData(review)];
    const values = all.filter(([name]) => !["_ticket", "_reviewed"].includes(name));
    const ticket = review.querySelector("[name=_ticket]").value;
    const same = (note) => note.ticket === ticket && note.state !== "sent"
      && (!note.leaving || String(note.values) === String(values));
    try {
      const note = (await list()).find(same) ?? fresh(form);
      await put({ ...note, values, ticket, title: titled(values), state: "waiting", why: "",
        read: true, leaving: note.leaving || open });
    } catch { return pass(); } // it cannot be kept: it may still be sent
    if (open) pass();
    else location.assign(form);
  });
  if (able && ready().length && document.querySelector("[data-draft-done]")) attempt(round);

  return { able, prepared, prepare, list, find, put, erase, change, titled, fresh, holding, live,
    round, tidy, hold, addressOf };
})();
