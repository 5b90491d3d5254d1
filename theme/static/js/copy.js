/* Copying: a button, which only a script can offer, takes the words of another element. */
for (const button of document.querySelectorAll("[data-copies]")) {
  const words = document.getElementById(button.dataset.copies);
  button.hidden = !navigator.clipboard; // there is none but on https
  button.addEventListener("click", () => navigator.clipboard.writeText(words.textContent).then(
    () => { button.nextElementSibling.textContent = button.dataset.done; },
    () => getSelection().selectAllChildren(words), // forbidden: ready to be copied by hand
  ));
}

/* Taking an element with its look: it is selected, as a hand would, and copied. */
for (const button of document.querySelectorAll("[data-takes]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    getSelection().selectAllChildren(document.getElementById(button.dataset.takes));
    if (document.execCommand("copy")) button.nextElementSibling.textContent = button.dataset.done;
  });
}
