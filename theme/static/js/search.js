/* Everything that is published, found by its words while one writes. Pagefind's files are asked for when
   somebody comes to the box, not before. Words and choices stand in the address, so that it can be shared.
   Answers to one question add up, those to different questions narrow. */
(() => {
  const form = document.querySelector("[data-search]");
  const { search: folder, base, answers, written, ...words } = form.dataset;
  const FIRST = 10, MORE = 20, PAUSE = 150; // rows, rows, milliseconds
  const part = (id) => document.getElementById(id);
  const [ask, count, list, more, without] =
    ["search-words", "search-count", "search-found", "search-more", "search-without"].map(part);
  const boxes = [...form.querySelectorAll("[type=checkbox]")];
  const pattern = part("row-pattern").content.firstElementChild;
  const lang = document.documentElement.lang;
  const say = (what, n) => words[what].replace("{n}", n.toLocaleString(lang));
  const shownTerm = (field, key) =>
    boxes.find((box) => box.name === field && box.value === key)?.parentElement.querySelector(".term");

  /* Promises of Pagefind: one finds; another one counts what each answer would leave, which is longer, and
     nobody waits for it. Each has a thread of its own, and is made anew when a publication has moved its files. */
  const engines = {};
  const engine = (name) => (engines[name] ??= import(`${folder}pagefind.js?${name}`).then(async (pagefind) => {
    const made = pagefind.createInstance({ basePath: folder });
    await made.init();
    if (name === "count") await made.filters();
    return made;
  }));
  const forget = () => { for (const name in engines) delete engines[name]; };

  // One at a time: of those that wait, the last.
  const latest = (shown, work) => {
    let busy = false, wanted = false;
    return async () => {
      wanted = true;
      if (busy) return;
      busy = true;
      shown.setAttribute("aria-busy", true);
      while (wanted) {
        wanted = false;
        await work();
      }
      busy = false;
      shown.setAttribute("aria-busy", false);
    };
  };

  const choice = (but) => {
    const chosen = {};
    for (const { name, value, checked } of boxes)
      if (checked && name !== but) (chosen[name] ??= { any: [] }).any.push(value);
    return chosen;
  };
  const address = () => {
    const asks = Object.entries(choice()).map(([field, { any }]) => `${field}=${any.join(",")}`);
    if (ask.value.trim()) asks.unshift(`q=${encodeURIComponent(ask.value.trim())}`);
    return form.getAttribute("action") + (asks.length ? `?${asks.join("&")}` : "");
  };

  // An answer to a question is counted as if nothing else was answered to that question.
  const side = form.querySelector(".list-side"), fields = [...new Set(boxes.map(({ name }) => name))];
  const tally = latest(side, async () => {
    const chosen = choice(), sought = said();
    try {
      const made = await engine("count"), whole = await made.search(sought, { filters: chosen });
      for (const field of fields) {
        const found = field in chosen ? await made.search(sought, { filters: choice(field) }) : whole;
        for (const box of boxes.filter(({ name }) => name === field)) {
          const line = box.closest("li"), number = found.filters[field]?.[box.value] ?? 0;
          line.querySelector(".count").textContent = number;
          line.classList.toggle("none", !number && !box.checked);
        }
      }
    } catch {
      forget();
    }
  });

  // Words around those that were sought, these marked; nothing in them is taken for HTML.
  const join = (text) => text.replace(/(\p{L}[’'](?:<\/mark>)?)\s+(?=(?:<mark>)?[\p{L}\p{N}])/gu, "$1"); // parted for Pagefind
  const MARKED = /<mark>([^<]*?)([^\p{L}\p{N}]*)<\/mark>/u;
  const set = (text, written) => (written === "fr" ? text.replace(/ ([;:!?»])/g, "\u202f$1").replace(/« /g, "«\u202f") : text);
  const excerpt = (found, written) => {
    const text = join(found.excerpt), content = join(found.content);
    const plain = (piece) => set(piece.replace(/&lt;/g, "<").replace(/&gt;/g, ">"), written);
    const bare = text.replace(/<\/?mark>/g, "").replace(/&lt;/g, "<").replace(/&gt;/g, ">");
    const pieces = text.split(MARKED).map((piece, n) =>
      n % 3 === 1 ? Object.assign(document.createElement("mark"), { textContent: plain(piece) }) : plain(piece));
    if (!content.startsWith(bare.slice(0, 40))) pieces.unshift("… ");
    if (!/[.!?…»]\s*$/.test(bare)) {
      if (typeof pieces.at(-1) === "string") pieces.push(pieces.pop().replace(/[\s«(–—;:,]+$/, ""));
      pieces.push(" …");
    }
    return pieces;
  };
  const SHOWN = { year: "numeric", month: "long", day: "numeric" };
  const shownDate = (date) => // a day without its hour is the same all over the world
    new Date(date).toLocaleDateString(lang, date.length === 10 ? { ...SHOWN, timeZone: "UTC" } : SHOWN);
  const row = (found) => {
    const { meta, filters } = found, writtenIn = meta.lang ?? written;
    const made = pattern.cloneNode(true), of = (name) => made.querySelector(`.row-${name}`);
    const kind = form.querySelector(`[name=type][value="${filters.type[0]}"]`);
    of("kind").textContent = kind?.dataset.one ?? "";
    if (meta.within) of("kind").append(" ", words.within.replace("{title}", meta.within));
    Object.assign(made.querySelector("a"), { textContent: join(meta.title), href: base + meta.url });
    of("summary").append(...excerpt(found, writtenIn));
    if (writtenIn !== lang) for (const name of ["title", "summary"]) of(name).lang = writtenIn;
    of("tags").append(...(filters.themes ?? []).flatMap((key) => [shownTerm("themes", key)?.cloneNode(true) ?? "", " "]));
    for (const fact of made.querySelectorAll("[data-fact]")) {
      const name = fact.dataset.fact, value = fact.lastElementChild;
      const terms = (filters[name] ?? []).map((key) => shownTerm(name, key)).filter(Boolean);
      const mark = terms[0]?.querySelector(".mark");
      if (mark) of("mark").append(mark.cloneNode(true));
      if (name === "date" && meta.date) value.textContent = shownDate(meta.date);
      else if (terms.length) value.textContent = terms.map((term) => term.textContent.trim()).join(", ");
      else if (!meta[name]) fact.remove();
    }
    made.classList.toggle("row--marked", of("mark").hasChildNodes());
    if (!of("mark").hasChildNodes()) of("mark").remove();
    if (!filters.themes) of("tags").remove();
    return made;
  };

  // Without Pagefind: what the server found, where it can; it will answer what is sent, too.
  const told = count.textContent.trim();
  let dead = false;
  const failed = () => {
    dead = true;
    const isTold = told && !list.dataset.mine;
    list.hidden = !isTold || !list.children.length;
    more.hidden = true;
    without.hidden = !list.hidden;
    count.textContent = isTold ? told : answers === undefined ? words.failed : words.send;
  };
  const extend = async (results, from, to, mine) => {
    const data = await Promise.all(results.slice(from, to).map((one) => one.data()));
    if (mine !== turn) return;
    if (from === 0) list.replaceChildren();
    list.dataset.mine = true;
    list.append(...data.map(row));
    const left = results.length - to;
    more.replaceChildren();
    more.hidden = left <= 0;
    if (left > 0) {
      const button = Object.assign(document.createElement("button"), {
        type: "button", className: "button button--quiet", textContent: say("more", Math.min(left, MORE)),
      });
      button.addEventListener("click", async () => {
        await extend(results, to, to + MORE, mine).catch(failed);
        list.children[to]?.querySelector("a").focus();
      });
      more.append(button);
    }
  };

  // Without what is elided: « l’emploi » is about work.
  const asked = () => ask.value.replace(/(^|\s)(?:[cdjlmnst]|qu|jusqu|lorsqu)[’']/gi, " ").split(/[\s’'-]+/).filter(Boolean);
  const said = () => asked().map(singular).join(" ") || null;
  const singular = (word) => word.replace(/(?<=.{3})x$/i, ""); // « lieux » begins with « lieu »
  /* Where nothing has a word, Pagefind gives what begins nearly like it: which words were asked for, and
     are nowhere in what is shown? */
  const fold = (word) => word.normalize("NFD").replace(/\p{M}/gu, "").replace(/œ/g, "oe").toLowerCase();
  const isLike = (word, other) => {
    let same = 0;
    while (same < word.length && word[same] === other[same]) same += 1;
    return same >= Math.min(word.length, Math.max(3, Math.ceil(word.length * 0.65)));
  };
  const missed = () => {
    const shown = [...list.querySelectorAll(".row-title, mark")].flatMap((one) => fold(one.textContent).split(/[^\p{L}\p{N}]+/u));
    return asked().filter((word) => !shown.some((other) => isLike(fold(word), other)));
  };

  let turn = 0;
  const show = async (mine) => {
    const { results } = await (await engine("find")).search(said(), { filters: choice() });
    if (mine !== turn) return;
    await extend(results, 0, FIRST, mine);
    if (mine !== turn) return;
    list.hidden = !results.length;
    without.hidden = results.length > 0;
    const told = say(results.length === 1 ? "one" : results.length ? "many" : "none", results.length);
    const not = results.length ? missed() : [];
    count.textContent = not.length ? `${words.near.replace("{words}", not.join(" "))} ${told}` : told;
    tally();
  };
  const find = latest(list, async () => {
    const mine = turn;
    const waiting = setTimeout(() => { if (mine === turn) count.textContent = words.wait; }, 400);
    await show(mine).catch(() => { forget(); return show(mine); }).catch(() => { forget(); failed(); });
    clearTimeout(waiting);
  });
  const look = () => {
    if (dead && answers !== undefined) return;
    turn += 1;
    history.replaceState(null, "", address());
    if (address() !== form.getAttribute("action")) {
      find();
      return;
    }
    list.hidden = more.hidden = true;
    without.hidden = false;
    count.textContent = "";
    if (engines.count) tally();
  };

  let pause;
  ask.addEventListener("focus", () => engine("find").catch(forget), { once: true });
  ask.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(look, PAUSE); });
  form.addEventListener("change", ({ target }) => { if (target !== ask) look(); });
  form.addEventListener("submit", (event) => {
    if (dead && answers !== undefined) return;
    event.preventDefault();
    clearTimeout(pause);
    look();
  });

  part("search-needs")?.remove();
  part("search-or").hidden = false;
  side.hidden = false;
  const given = new URLSearchParams(location.search);
  ask.value = given.get("q") ?? "";
  for (const box of boxes) {
    box.checked = given.getAll(box.name).some((keys) => keys.split(",").includes(box.value));
    if (box.checked) box.closest("details").open = true;
  }
  if (address() !== form.getAttribute("action")) {
    list.hidden = true;
    count.textContent = "";
    look();
  }
})();
