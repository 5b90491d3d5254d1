/* Forms: faults are met first, one click sends once, a picture that cannot be taken is told at once,
   what is left of a limit is counted. */
(() => {
  const words = document.currentScript.dataset;
  document.getElementById("faults")?.focus();

  const PATIENCE = 10_000; // ms; then a click may be meant: the server knows what it has already
  for (const form of document.querySelectorAll("form[method=post]")) {
    const said = document.createElement("p");
    said.className = "hint sending";
    said.setAttribute("role", "status");
    form.insertAdjacentElement("beforeend", said); // a field may be named "append"
    let sent = -Infinity;
    form.addEventListener("submit", (event) => {
      if (event.timeStamp - sent < PATIENCE) {
        event.preventDefault();
        said.textContent = words.sending;
      } else sent = event.timeStamp;
    });
    addEventListener("pageshow", () => { sent = -Infinity; said.textContent = ""; });
  }

  for (const input of document.querySelectorAll("input[type=file][data-max]")) {
    const said = document.getElementById(`${input.id}-told`);
    input.addEventListener("change", () => {
      const [file] = input.files;
      const known = !file?.type || input.accept.split(",").includes(file.type);
      const fault = !known ? "other" : file?.size > input.dataset.max ? "large" : "";
      said.textContent = fault && [input.dataset[fault].replace("{size}", Math.ceil(file.size / 1e6)),
        input.dataset.held].filter(Boolean).join(" ");
      if (fault === "large") input.value = ""; // so that it is not sent for nothing
      if (fault === "other") shorten(input, file);
    });
  }
  // Its beginning is enough for the server to say what it is, and it must: a page that goes on as if
  // no file had been chosen would be a surprise.
  function shorten(input, file) {
    const kept = new DataTransfer();
    kept.items.add(new File([file.slice(0, 4096)], file.name, { type: file.type }));
    input.files = kept.files;
  }

  for (const asked of document.querySelectorAll("[data-limit]")) {
    const said = document.createElement("p"), most = +asked.dataset.limit;
    const boxes = asked.querySelectorAll("[type=checkbox]");
    said.className = "hint count";
    asked.insertAdjacentElement("beforeend", said);
    const count = () => {
      const number = boxes.length ? [...boxes].filter((box) => box.checked).length
        : [...asked.querySelector("textarea").value.trim().normalize()].length;
      const told = number > (boxes.length ? 0 : most / 2);
      said.classList.toggle("count--over", number > most);
      said.textContent = told ? words.count.replace("{n}", number).replace("{max}", most) : "";
    };
    asked.addEventListener("input", count);
    addEventListener("pageshow", count); // what a browser filled in again
  }
})();
