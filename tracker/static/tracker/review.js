// The review page by keyboard. Every step is a form of the page; here it is only sent without leaving the page.
"use strict";
(() => {
  const sheet = document.getElementById("sheet");
  const list = document.getElementById("cards");
  const told = document.getElementById("told");
  const help = document.getElementById("help");
  const missed = document.getElementById("missed");
  if (!sheet || !list) return;
  const done = []; // what was decided here, the last at the end
  let current = null;

  const cards = () => [...list.querySelectorAll(".card")];
  const cardOf = (pk) => document.getElementById(`n-${pk}`);
  const marksOf = (pk) => sheet.querySelectorAll(`.mark[data-of="${pk}"]`);
  const say = (words) => { told.textContent = words || ""; };

  function select(card, { scroll = true } = {}) {
    if (!card) return;
    if (current) {
      cardOf(current)?.classList.remove("selected");
      marksOf(current).forEach((mark) => mark.classList.remove("selected"));
    }
    current = card.dataset.pk;
    card.classList.add("selected");
    const marks = marksOf(current);
    marks.forEach((mark) => mark.classList.add("selected"));
    if (scroll) {
      card.scrollIntoView({ block: "nearest" });
      marks[0]?.scrollIntoView({ block: "nearest" });
    }
  }

  function move(by) {
    const every = cards();
    const at = every.findIndex((card) => card.dataset.pk === current);
    select(every[Math.min(every.length - 1, Math.max(0, at + by))]);
  }

  function goOn(from) {
    const every = cards();
    const at = every.findIndex((card) => card.dataset.pk === from);
    const waiting = (card) => card.classList.contains("proposed") || card.querySelector(".look");
    const next = every.slice(at + 1).find(waiting) || every.slice(0, at).find(waiting);
    if (next) select(next);
    else say(told.dataset.last);
  }

  function show(answer) {
    const old = cardOf(answer.at);
    const page = new DOMParser().parseFromString(`<ol>${answer.card}</ol>`, "text/html");
    const card = page.querySelector(".card");
    if (!old || !card) return;
    card.classList.add("scripted");
    old.replaceWith(card);
    marksOf(answer.at).forEach((mark) => { mark.className = `mark ${answer.force} ${answer.review}`; });
    if (current === String(answer.at)) select(card, { scroll: false });
    document.getElementById("decided").textContent = answer.progress.decided;
    document.getElementById("total").textContent = answer.progress.total;
    document.querySelector("#tally progress").value = answer.progress.decided;
  }

  function go(address) {
    const target = new URL(address, location.href);
    if (target.pathname !== location.pathname) { location.assign(target); return; }
    history.replaceState(null, "", target);
    location.reload();
  }

  async function send(form, button, act) {
    const card = form.closest(".card");
    if (card?.classList.contains("busy")) return;
    card?.classList.add("busy");
    say("");
    try {
      const answer = await fetch(button?.hasAttribute("formaction") ? button.formAction : form.action, {
        method: "POST",
        body: new FormData(form),
        credentials: "same-origin",
        redirect: "error",
        headers: { "X-Requested-With": "fetch" },
      });
      const said = await answer.json();
      if (said.card) show(said);
      if (said.error) { say(said.error); return; }
      if (said.go) { go(said.go); return; }
      if (act === "undo") select(cardOf(said.at));
      else done.push(String(said.at));
      if (act === "confirm" || act === "reject" || act === "amend") goOn(String(said.at));
    } catch {
      say(told.dataset.lost);
    } finally {
      card?.classList.remove("busy");
    }
  }

  // Where a place of the selection lies in the text, in characters as the server counts them (not UTF-16 units).
  function placeOf(node, offset) {
    const holder = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-at]");
    if (!holder) {
      const after = node.childNodes[offset];
      const piece = after && (after.matches?.("[data-at]") ? after : after.querySelector?.("[data-at]"));
      return piece ? Number(piece.dataset.at) : null;
    }
    const before = node.nodeType === Node.TEXT_NODE ? node.data.slice(0, offset) : offset ? holder.textContent : "";
    const length = holder.classList.contains("unseen") ? Number(before.length > 0) : [...before].length;
    return Number(holder.dataset.at) + length;
  }

  function selected() {
    const selection = getSelection();
    if (!selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    if (!sheet.contains(range.commonAncestorContainer)) return null;
    const start = placeOf(range.startContainer, range.startOffset);
    const end = placeOf(range.endContainer, range.endOffset);
    if (start === null) return null;
    let words = "";
    for (const piece of sheet.querySelectorAll("[data-at]:not(.unseen)")) {
      const at = Number(piece.dataset.at);
      const letters = [...piece.textContent];
      if (end !== null && at < end && at + letters.length > start) {
        words += letters.slice(Math.max(0, start - at), end - at).join("") + " ";
      }
    }
    return { start, end, words };
  }

  function add() {
    const chosen = selected();
    if (!missed || !chosen || !chosen.words.trim()) { say(told.dataset.nothing); return; }
    missed.elements.start.value = chosen.start;
    missed.elements.end.value = chosen.end;
    missed.elements.words.value = chosen.words;
    send(missed, null, "add");
  }

  function split(card) {
    const chosen = selected();
    const form = card?.querySelector('form[data-act="split"]');
    if (!form || !chosen) { say(told.dataset.nothing); return; }
    form.elements.at.value = chosen.start;
    send(form, null, "split");
  }

  function merge(card) {
    const form = card?.querySelector('form[data-act="merge"]');
    if (form) send(form, null, "merge");
    else say(told.dataset.second);
  }

  function press(card, act) {
    const button = card?.querySelector(`button[data-act="${act}"]`);
    if (button) send(button.form, button, act);
    else if (act !== "undo") goOn(card?.dataset.pk);
  }

  function amend(card) {
    const details = card?.querySelector("details.amend");
    if (!details) return;
    details.open = true;
    details.querySelector("select, input:not([type=hidden])").focus();
  }

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    c: () => press(cardOf(current), "confirm"),
    x: () => press(cardOf(current), "reject"),
    u: () => press(cardOf(done.pop() || current), "undo"),
    a: () => amend(cardOf(current)),
    n: add,
    s: () => split(cardOf(current)),
    m: () => merge(cardOf(current)),
    "?": () => help.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, select, textarea, dialog[open]");
    if (event.key === "Escape" && typing && list.contains(typing)) {
      const card = typing.closest(".card");
      card.querySelector("details.amend").open = false;
      card.focus();
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const letter = /^[a-z?]$/i.test(event.key) ? event.key : event.code.replace(/^Key/, "");
    const act = keys[letter.toLowerCase()];
    if (act) { event.preventDefault(); act(); }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!list.contains(form) && form !== missed) return;
    event.preventDefault();
    if (form === missed) form.elements.start.value = form.elements.end.value = "";
    send(form, event.submitter, event.submitter?.dataset.act || form.dataset.act);
  });

  sheet.addEventListener("click", (event) => {
    const mark = event.target.closest(".mark");
    if (!mark) return;
    event.preventDefault();
    if (getSelection().isCollapsed) select(cardOf(mark.dataset.of));
  });
  list.addEventListener("click", (event) => {
    const card = event.target.closest(".card");
    if (event.target.closest(".quote a")) event.preventDefault();
    if (card) select(card, { scroll: Boolean(event.target.closest(".quote")) });
  });

  cards().forEach((card) => card.classList.add("scripted"));
  const asked = location.hash.replace("#n-", "");
  const first = cardOf(asked) || list.querySelector(".card.proposed") || list.querySelector(".card");
  select(first);
  const button = document.getElementById("help-button");
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());
})();
