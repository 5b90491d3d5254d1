/* Without network: a form that somebody chose to keep on this device opens from there, with its
   styles and scripts. All else is left to the browser; nothing is kept or sent from here: notes.js. */
const PATIENCE = 4000; // ms: a network that takes longer is as good as none
const HOW = { ignoreVary: true };
const LOOKS = ["style", "script", "font", "image"];

const page = async (request) => {
  const kept = await caches.match(request.url.replace(/[?#].*/, ""), HOW);
  if (!kept) return fetch(request);
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  const answer = await Promise.race([fetch(request).catch(() => {}), late]);
  return !answer || answer.status >= 400 ? kept : answer; // notes wait there, whatever it says
};
const look = async (request) => await caches.match(request, HOW) ?? fetch(request);

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (LOOKS.includes(request.destination)) event.respondWith(look(request));
});
