/* A list narrowed by several answers at once, as rows, as a table, on the map. What is ticked stands in
   the address, so that it can be shared; nothing is asked of the server before the first tick. Answers to one question add up, those to
   different questions narrow. Without this script each answer leads to a list of its own. */
(() => {
  const side = document.querySelector("[data-directory]");
  const { directory, list, map, data, whole, view: home, languages, ...words } = side.dataset;
  const PAGE = 50, FIRST = 0x30;
  const count = document.querySelector("#list-count"), main = count.parentElement;
  const lang = document.documentElement.lang;
  const make = (tag, given = {}) => Object.assign(document.createElement(tag), given);
  const say = (what, n) => words[what].replace("{n}", n.toLocaleString(lang));
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("’", "'").toLowerCase();
  const slugOf = (title) => fold(title).match(/[a-z0-9]+/g)?.join("-") ?? "";

  // Each way in becomes a box to tick.
  const terms = {}; // by field and key: its box, its words, its number
  for (const group of document.querySelectorAll("[data-field]"))
    for (const item of group.querySelectorAll("[data-term]")) {
      const field = group.dataset.field, key = item.dataset.term, link = item.querySelector("a");
      const box = make("input", { type: "checkbox", value: key, name: field });
      const label = make("label", { className: "pick" });
      const shown = item.querySelector(".term"), number = item.querySelector(".count");
      box.checked = item.classList.contains("here");
      (terms[field] ??= {})[key] = { box, shown, number, href: link.href, words: link.textContent };
      link.replaceWith(...link.childNodes);
      item.classList.remove("here");
      label.append(box, shown);
      item.prepend(label);
    }
  const find = make("input", { type: "search", className: "input", id: "list-find" });
  const asked = make("p", { className: "list-find" });
  asked.append(make("label", { htmlFor: find.id, textContent: words.find }), find);
  side.querySelector(".narrow-fields").prepend(asked);
  const seen = make("a", { className: "button button--lamp list-seen", hidden: true });
  const atlas = document.querySelector(".atlas");
  seen.href = atlas ? "#list-found" : "#list-count";
  (atlas?.querySelector(".atlas-places") ?? side).append(seen);
  count.setAttribute("role", "status");

  const boxes = Object.values(terms).flatMap((group) => Object.values(group));
  const choice = () => {
    const chosen = {};
    for (const { box } of boxes) if (box.checked) (chosen[box.name] ??= []).push(box.value);
    return chosen;
  };
  let view = home;
  const own = home === "map" ? map : list;
  const address = (as = view) => {
    const asks = Object.entries(choice()).map(([field, keys]) => `${field}=${keys.join(",")}`);
    if (find.value.trim()) asks.push(`q=${encodeURIComponent(find.value.trim())}`);
    if (as === "table") asks.push("view=table");
    return (as === "map" ? map : list) + (asks.length ? `?${asks.join("&")}` : "");
  };

  // The ways to look at what was found lead there with all that is asked.
  const views = main.querySelector(".views"), tabled = make("li");
  tabled.append(make("a", { textContent: words.table }));
  tabled.firstChild.dataset.view = "table";
  views.append(tabled); // last: nothing moves
  const lead = () => {
    for (const link of views.querySelectorAll("a")) {
      const own = link.dataset.view;
      if (whole !== undefined || own !== view) link.href = address(own);
      if (own === view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  };

  if (whole === undefined) { // a page of part of the list: the whole of it narrows
    const go = () => location.assign(address());
    side.addEventListener("change", go);
    lead();
    return;
  }

  // What the list was before, to be shown again; what it becomes.
  const legend = atlas ?? main.querySelector(".legend") ?? count;
  const before = [...main.children].filter((part) => ![count, legend, views.parentElement].includes(part));
  const told = count.innerHTML;
  const after = make("div", { hidden: true, id: "list-found" });
  legend.after(after);

  let loading, entries, tally;
  const wider = {}; // by field and key of a territory, the keys of those that cover it
  const load = async () => {
    const answer = await fetch(directory);
    if (!answer.ok) throw new Error(answer.status);
    const { facets, words: told, ...columns } = await answer.json();
    const writtenIn = (notes) => languages.split(" ")[notes.match(/\d/)?.[0] ?? 0];
    const own = Object.entries(told).map(([field, by]) => [field, by[lang].split("\n")]);
    const [titles, slug, notes, summaries] =
      ["titles", "slugs", "notes", "summaries"].map((name) => columns[name].split("\n"));
    for (const field in facets) wider[field] = facets[field].wider ?? {};
    const of = Object.entries(facets).map(([field, column]) => [field, column.terms, column.of.split("\n")]);
    return titles.map((title, n) => ({
      title, summary: summaries[n], notes: notes[n], written: writtenIn(notes[n]), href: `${list}${slug[n] || slugOf(title)}/`, plain: fold(title),
      words: Object.fromEntries(own.map(([field, lines]) => [field, lines[n]])),
      terms: Object.fromEntries(of.map(([field, keys, lines]) =>
        [field, [...lines[n]].map((mark) => keys[mark.codePointAt() - FIRST])])),
    }));
  };

  /* One pass: an entry that fails no question counts for all of them; one that fails a single
     question still counts there, since another answer to it would bring the entry in. */
  const narrow = () => {
    const chosen = Object.entries(choice()).map(([field, keys]) => [field, new Set(keys)]);
    const sought = fold(find.value).split(/\s+/).filter(Boolean);
    tally = new Map(boxes.map(({ box }) => [`${box.name} ${box.value}`, 0]));
    const add = (field, keys) => {
      for (const key of keys) tally.set(`${field} ${key}`, tally.get(`${field} ${key}`) + 1);
    };
    const found = entries.filter(({ plain, terms: own }) => {
      if (!sought.every((word) => plain.includes(word))) return false;
      const failed = chosen.filter(([field, keys]) => !own[field].some((key) => keys.has(key)));
      if (failed.length === 1) add(failed[0][0], own[failed[0][0]]);
      if (!failed.length) for (const field in own) add(field, own[field]);
      return !failed.length;
    });
    for (const { box, number } of boxes) {
      number.textContent = tally.get(`${box.name} ${box.value}`);
      box.closest("li").classList.toggle("none", number.textContent === "0" && !box.checked);
    }
    return found;
  };

  const pattern = document.querySelector("#row-pattern");
  const tag = (field, key) => {
    const copy = terms[field][key].shown.cloneNode(true);
    copy.querySelector(".mark")?.remove();
    return copy;
  };
  const tags = (field, keys) => { // themes have a mark of their own, the others a comma between
    const shown = keys.map((key) => tag(field, key));
    const gap = shown[0].matches(".term--edge") ? " " : ", ";
    return shown.flatMap((one, place) => place ? [gap, one] : [one]);
  };
  const speak = (element, written) => { if (written !== lang) element.lang = written; };
  const row = ({ title, summary, notes, written, href, words: told, terms: own }) => {
    const made = pattern.content.firstElementChild.cloneNode(true);
    Object.assign(made.querySelector("a"), { textContent: title, href });
    const words = made.querySelector(".row-summary");
    if (summary) words.textContent = summary;
    else words.remove();
    for (const part of made.querySelectorAll(".row-title, .row-summary, [data-own] dd")) speak(part, written);
    for (const note of made.querySelectorAll("[data-note]"))
      if (!notes.includes(note.dataset.note)) note.remove();
    for (const cell of made.querySelectorAll("[data-words]"))
      if (told[cell.dataset.words]) cell.lastChild.textContent = told[cell.dataset.words];
      else cell.remove();
    for (const cell of made.querySelectorAll("[data-column]")) {
      const field = cell.dataset.column, keys = own[field] ?? [];
      if (!keys.length) cell.remove();
      else if (cell.tagName === "P") cell.append(...tags(field, keys));
      else cell.lastChild.textContent = keys.map((key) => terms[field][key].words).join(", ");
      const mark = keys.length && terms[field][keys[0]].shown.querySelector(".mark");
      const margin = made.querySelector(".row-mark");
      if (mark && cell.tagName !== "P" && !margin.firstChild) margin.append(mark.cloneNode(true));
    }
    const margin = made.querySelector(".row-mark");
    if (margin.firstChild) made.classList.add("row--marked");
    else margin.remove();
    return made;
  };
  const table = (shown) => {
    const cells = [...pattern.content.querySelectorAll("[data-column], [data-words]")];
    const heads = [words.title, ...cells.map((cell) => cell.firstChild.textContent.replace(/\s*:\s*$/, ""))];
    const made = make("table"), top = make("tr");
    top.append(...heads.map((head) => make("th", { scope: "col", textContent: head })));
    made.createTHead().append(top);
    const body = made.createTBody();
    for (const one of shown) {
      const line = body.insertRow(), head = make("th", { scope: "row" });
      head.append(make("a", { textContent: one.title, href: one.href }));
      speak(head, one.written);
      line.append(head);
      for (const { dataset: { column, words: field, own } } of cells) {
        const cell = line.insertCell();
        cell.textContent = field ? one.words[field] ?? ""
          : (one.terms[column] ?? []).map((key) => terms[column][key].words).join(", ");
        if (own !== undefined) speak(cell, one.written);
      }
    }
    const frame = make("section", { className: "table", tabIndex: 0, ariaLabel: words.table });
    frame.append(made);
    return frame;
  };

  // What was found, cut out of the files that hold all: the same columns, the same order.
  const CUT = {
    csv: (text, slugs) => {
      const [head, ...rows] = text.match(/(?:[^"\n]|"(?:[^"]|"")*")+/g);
      const at = head.trim().split(",").indexOf("slug");
      return [head, ...rows.filter((one) => slugs.has(one.split(",")[at])), ""].join("\n");
    },
    geojson: (text, slugs) => {
      const all = JSON.parse(text);
      all.features = all.features.filter(({ properties }) => slugs.has(properties.slug));
      return JSON.stringify(all, null, 1);
    },
  };
  const take = async (kind, found) => {
    const slugs = new Set(found.map(({ href }) => href.split("/").at(-2)));
    const answer = await fetch(`${data}.${kind}`);
    if (!answer.ok) throw new Error(answer.status);
    const text = await answer.text();
    const link = make("a", { download: `${data.split("/").at(-1)}.${kind}` });
    link.href = URL.createObjectURL(new Blob([CUT[kind](text, slugs)]));
    link.click();
    URL.revokeObjectURL(link.href);
  };

  // The map follows: as much on each place as the list beside it says.
  const LEAST = 15, MOST = 38, DOT = 4; // as it was drawn
  const places = [...(atlas?.querySelectorAll("[data-place]") ?? [])];
  const svg = atlas?.querySelector(".map");
  const boxOf = (place) => terms[svg.dataset.of][place.dataset.place].box;
  const draw = () => {
    for (const place of places) {
      const box = boxOf(place), n = tally.get(`${box.name} ${box.value}`);
      const r = n ? LEAST + (MOST - LEAST) * Math.sqrt(n / svg.dataset.scale) : DOT;
      place.querySelector("circle").setAttribute("r", Math.round(r));
      place.querySelector(".number").textContent = n;
      place.classList.toggle("none", !n);
      place.classList.toggle("here", box.checked);
      svg.getElementById(`map-${box.value}`)?.classList.toggle("here", box.checked);
      place.setAttribute("aria-label", `${terms[box.name][box.value].words}, ${say(n === 1 ? "one" : "many", n)}`);
      if (box.checked) place.setAttribute("aria-current", "true");
      else place.removeAttribute("aria-current");
    }
  };
  for (const place of places) place.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const box = boxOf(place);
    box.checked = !box.checked;
    change();
  });

  // What covers a territory that was chosen can be added.
  const covering = () => {
    const found = new Set();
    for (const [field, keys] of Object.entries(choice()))
      for (const key of keys) for (const one of wider[field]?.[key] ?? []) found.add(terms[field][one]);
    return [...found].filter(({ box, number }) => !box.checked && number.textContent !== "0");
  };
  const cover = () => {
    const made = make("p", { className: "wider" }), found = covering();
    made.append(words.wider, ...found.flatMap(({ box, number, words: name }) =>
      [" ", button(`${name} (${number.textContent})`, () => { box.checked = true; change(); })]));
    return found.length ? made : "";
  };

  // Beside longer questions it stays in sight, once all of it could be seen.
  const stay = () => { main.style.top = `${Math.min(16, innerHeight - main.offsetHeight)}px`; };
  new ResizeObserver(stay).observe(main);
  addEventListener("resize", stay);

  let shown = PAGE;
  const button = (textContent, act) => {
    const made = make("button", { type: "button", className: "button button--quiet button--small", textContent });
    made.addEventListener("click", act);
    return made;
  };
  const render = () => {
    const asks = address() !== own, found = entries && narrow();
    history.replaceState(null, "", address());
    lead();
    if (atlas && entries) draw();
    before.forEach((part) => { part.hidden = asks; });
    after.hidden = !asks;
    seen.hidden = !asks || !found.length;
    if (!asks) { count.innerHTML = told; return; }
    count.textContent = seen.textContent = say(found.length === 1 ? "one" : found.length ? "many" : "none", found.length);
    if (found.length) seen.textContent = `${words.seen} (${found.length})`;
    else if (find.value.trim()) {
      const further = make("a", { href: `${words.search}?q=${encodeURIComponent(find.value.trim())}` });
      further.append(words.further); // titles only were read, and only as they were typed
      count.append(" ", further);
    }
    const back = button(words.all, () => {
      boxes.forEach(({ box }) => { box.checked = false; });
      find.value = "";
      render();
      count.scrollIntoView();
    });
    const part = found.slice(0, shown), lines = make("ol", { className: "rows" });
    if (view !== "table") lines.append(...part.map(row));
    after.replaceChildren(...(address("rows") === list ? [] : [back]), cover());
    if (found.length) after.append(view === "table" ? table(part) : lines);
    const left = found.length - shown;
    if (left > 0) after.append(button(say("more", Math.min(left, PAGE)), () => {
      const last = shown;
      shown += PAGE;
      render();
      after.querySelectorAll(".row-title a, tbody a")[last].focus();
    }));
    const files = make("p", { className: "list-foot" }), lost = make("span");
    lost.setAttribute("role", "status");
    const taking = (kind) => button(words[kind], () => take(kind, found).then(
      () => { lost.textContent = ""; }, () => { lost.textContent = ` ${words.lost}`; }));
    files.append(words.take, ...["csv", "geojson"].flatMap((kind) => [" ", taking(kind)]),
      " · ", make("a", { href: words.explained, textContent: words.how }), lost);
    if (found.length) after.append(files);
  };
  const change = async () => {
    shown = PAGE;
    try {
      loading ??= load(); // once, however fast somebody types
      entries = await loading;
      render();
    } catch {
      loading = undefined;
      const picked = boxes.filter(({ box }) => box.checked);
      count.replaceChildren(words.failed, ...picked.flatMap(({ href, words: name }) => [" ", make("a", { href, textContent: name })]));
    }
  };
  for (const { box } of boxes) box.addEventListener("change", change);
  views.addEventListener("click", (event) => {
    const wanted = event.target.dataset.view;
    if (atlas || wanted === "map" || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    view = wanted;
    change();
  });
  find.addEventListener("input", change);

  // An address that somebody shared.
  const given = new URLSearchParams(location.search);
  for (const { box } of boxes)
    if (given.get(box.name)?.split(",").includes(box.value)) box.checked = true;
  find.value = given.get("q") ?? "";
  if (!atlas && given.get("view") === "table") view = "table";
  lead();
  if (address() !== own) {
    for (const { box } of boxes) if (box.checked) (box.closest("details") ?? {}).open = true;
    change();
  }
})();
