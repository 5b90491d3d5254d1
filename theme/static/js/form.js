/* Forms: faults are met first, one click sends once, a picture that cannot be taken is told at once. */
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
      said.textContent = fault && input.dataset[fault].replace("{size}", Math.ceil(file.size / 1e6));
      if (fault) input.value = ""; // so that it is not sent for nothing
    });
  }
})();
