/* The rows of a list that an editor arranges: moved by buttons, arrows or hand, taken out and put back,
   without the page being loaded again. Rows are sent in the order in which they stand. */
(() => {
  for (const list of document.querySelectorAll("[data-rows]")) {
    const said = list.parentElement.querySelector("[data-rows-said]");
    const scripted = list.parentElement.querySelectorAll("[data-scripted]");
    scripted.forEach((part) => { part.hidden = false; });
    const rows = () => [...list.querySelectorAll(":scope > .row-item")];
    const beside = (row, step) => rows()[rows().indexOf(row) + step];
    const words = (what, row) => list.dataset[what]
      .replace("{title}", row.querySelector(".row-title").textContent.trim())
      .replace("{n}", rows().indexOf(row) + 1).replace("{max}", rows().length);
    const place = (row, before) => before !== row && list.insertBefore(row, before ?? null);

    const acts = {
      up: (row) => beside(row, -1) && place(row, beside(row, -1)),
      down: (row) => beside(row, 1) && place(row, beside(row, 2)),
      first: (row) => place(row, rows()[0]),
      last: (row) => place(row),
      remove: (row) => {
        const left = document.createElement("li"), back = document.createElement("button");
        left.className = "row-gone";
        left.textContent = words("gone", row);
        Object.assign(back, { type: "button", className: "button button--quiet button--small",
          textContent: list.dataset.back });
        back.addEventListener("click", () => { left.replaceWith(row); told(row); });
        left.append(back);
        row.replaceWith(left); // what is not in the page is not sent
        back.focus();
      },
    };
    // A button at the end of the list is not shown: the other one then has the focus.
    const told = (row, act) => {
      const [up, down] = row.querySelectorAll(".row-move");
      const button = act === "down" || act === "last" ? down : up;
      (getComputedStyle(button).visibility === "hidden" ? button === up ? down : up : button)
        .focus({ preventScroll: true });
      row.scrollIntoView({ block: "nearest" });
      said.textContent = words("moved", row);
    };
    const act = (row, name) => {
      acts[name](row);
      if (name === "remove") said.textContent = words("gone", row);
      else told(row, name);
    };

    list.addEventListener("click", (event) => {
      const button = event.target.closest("[name=_row]");
      if (!button) return;
      event.preventDefault();
      act(button.closest(".row-item"), button.value.split(".")[2]);
    });
    const KEYS = { ArrowUp: "up", ArrowDown: "down", Home: "first", End: "last" };
    list.addEventListener("keydown", (event) => {
      const row = event.target.closest(".row-moves")?.parentElement;
      if (!row || !KEYS[event.key] || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      act(row, KEYS[event.key]);
    });
    list.addEventListener("input", ({ target }) => {
      const row = target.closest(".row-item");
      if (target === row?.querySelector("input.input, textarea") && target.value.trim())
        row.querySelector(".row-title").textContent = target.value;
    });

    // By hand: the row goes where the pointer is; near an edge of the window, the page goes along.
    const EDGE = 70, STEP = 9; // px
    let held, y, was;
    const follow = () => {
      if (!held) return;
      const pull = y < EDGE ? -STEP : y > innerHeight - EDGE ? STEP : 0;
      if (pull) scrollBy(0, pull);
      const next = rows().find((row) => {
        const { top, height } = row.getBoundingClientRect();
        return row !== held && y < top + Math.min(height, 90) / 2;
      });
      if (next !== (beside(held, 1))) place(held, next);
      requestAnimationFrame(follow);
    };
    list.addEventListener("pointerdown", (event) => {
      const row = event.target.closest(".row-handle")?.parentElement;
      if (!row || event.button) return;
      event.preventDefault();
      list.setPointerCapture(event.pointerId);
      [held, y, was] = [row, event.clientY, rows().indexOf(row)];
      row.classList.add("row-item--held");
      requestAnimationFrame(follow);
    });
    list.addEventListener("pointermove", (event) => { y = event.clientY; });
    for (const end of ["pointerup", "pointercancel"])
      list.addEventListener(end, () => {
        held?.classList.remove("row-item--held");
        if (held && rows().indexOf(held) !== was) said.textContent = words("moved", held);
        held = undefined;
      });
  }
})();
