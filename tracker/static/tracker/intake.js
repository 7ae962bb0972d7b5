// While documents are being read, or a job is at work, asks every two seconds how far it is. Without it, "Look again"
// does the same.
"use strict";
(() => {
  const place = document.querySelector("[data-source]");
  if (!place) return;
  const moving = () => Number(place.firstElementChild?.dataset.moving || 0) > 0;
  const look = async () => {
    if (!moving()) return;
    try {
      const answer = await fetch(place.dataset.source, { credentials: "same-origin", redirect: "error" });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        place.replaceChildren(...page.body.children);
      }
    } catch {
      // The server may be away for a moment; the next look tells.
    }
    setTimeout(look, 2000);
  };
  setTimeout(look, 1000);
})();
