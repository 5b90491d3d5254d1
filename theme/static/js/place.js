/* Places: a box above each list of communes shortens it while one types. */
const LINES = 6;
for (const box of document.querySelectorAll("[data-finder]")) {
  const input = box.querySelector("input"), said = box.querySelector("[aria-live]");
  const select = document.getElementById(box.dataset.finder);
  const all = [...select.options];
  let own, picked; // what somebody chose; what is chosen here for being the only answer just now
  const fold = (text) => " " + text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
    .replace(/[^a-z0-9]+/g, " ").trim().replace(/\bst(e?)\b/g, "saint$1");
  const folded = new Map(all.map((option) => [option, fold(option.dataset.search ?? "")]));

  // Options are taken out and put back: not every browser hides them. The chosen one stays.
  const choose = (value, options) => {
    const changed = value !== select.value;
    select.replaceChildren(...options);
    select.value = value;
    if (changed) for (const name of ["input", "change"])
      select.dispatchEvent(new Event(name, { bubbles: true }));
  };
  const find = () => {
    const asked = fold(input.value).split(" ").filter(Boolean);
    if (!asked.length || select.value !== picked) own = select.value;
    const found = all.filter((option) => option.value
      && asked.every((word) => folded.get(option).includes(" " + word)));
    const count = asked.length && found.length;
    const kept = (option) => !option.value || option.value === own || found.includes(option);
    choose(picked = count === 1 ? found[0].value : own, count ? all.filter(kept) : all);
    select.size = count > 1 ? Math.min(select.options.length, LINES) : 0; // open, to choose from
    const words = box.dataset[count > 1 ? "many" : count ? "one" : asked.length ? "none" : ""];
    said.textContent = words?.replace("{n}", count).replace("{name}", found[0]?.text) ?? "";
  };
  input.addEventListener("input", find);
  for (const name of ["click", "blur"]) select.addEventListener(name, () => select.size = 0);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { input.value = ""; find(); }
    if (event.key === "Enter" || event.key === "ArrowDown") select.focus();
    if (["Escape", "Enter", "ArrowDown"].includes(event.key)) event.preventDefault();
  });
  box.hidden = false;
}
