// Replaces the live part of the page every second and marks alerts that were not there before.
"use strict";
(() => {
  const live = document.getElementById("live");
  const known = () => new Set([...live.querySelectorAll("[data-id]")].map((card) => card.dataset.id));
  const finished = () => live.querySelector("[data-finished='yes']") !== null;

  async function refresh() {
    const before = known();
    try {
      const answer = await fetch(live.dataset.source, { cache: "no-store" });
      // Who reads with the keyboard keeps the link they are on.
      if (answer.ok && !live.contains(document.activeElement)) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const card of fresh.querySelectorAll("[data-id]")) {
          card.classList.toggle("new", !before.has(card.dataset.id));
        }
        live.replaceChildren(...fresh.body.childNodes);
      }
    } catch (error) {
      // The server may be restarting: the page stays as it was and asks again.
      console.warn("vigie:", error.message);
    }
    if (!finished()) setTimeout(refresh, 1000);
  }

  if (!finished()) setTimeout(refresh, 1000);
})();
