// Single keys for the desk. Everything they do can be done with Tab and Return too, without this script.
"use strict";
(() => {
  const KEPT = "vigie-desk-keys";
  const start = document.querySelector("[data-start]");
  const panel = document.querySelector("[data-keys]");
  const help = document.getElementById("touches");
  const helper = document.querySelector("[data-help]");
  const switched = document.querySelector("[data-keys-on]");
  const items = [...document.querySelectorAll("[data-list] [data-item]")];

  function remember(on) {
    try {
      if (on) localStorage.removeItem(KEPT);
      else localStorage.setItem(KEPT, "off");
    } catch (error) {
      // A browser that keeps nothing: the choice holds for this page.
      console.warn("vigie:", error.message);
    }
  }

  function remembered() {
    try {
      return localStorage.getItem(KEPT) !== "off";
    } catch (error) {
      console.warn("vigie:", error.message);
      return true;
    }
  }

  function focus(element) {
    element.focus();
    element.scrollIntoView({ block: "nearest" });
  }

  function showHelp(shown) {
    help.hidden = !shown;
    helper.setAttribute("aria-expanded", String(shown));
    focus(shown ? help : start);
  }

  function step(by) {
    const here = items.indexOf(document.activeElement);
    const next = here < 0 ? (by > 0 ? 0 : items.length - 1) : here + by;
    if (items[next]) focus(items[next]);
  }

  // What a key stands for: a fold is opened, a button is only gone to (Return presses it), a link is followed.
  function use(target) {
    if (target === helper) showHelp(help.hidden);
    else if (target instanceof HTMLDetailsElement) {
      target.open = true;
      const first = target.querySelector("select, input:not([type=hidden]), textarea, button");
      focus(first ?? target.querySelector("summary"));
      if (first?.type === "text") first.setSelectionRange(first.value.length, first.value.length);
      target.scrollIntoView({ block: "nearest" });
    } else if (target instanceof HTMLAnchorElement) target.click();
    else focus(target);
  }

  function typing(element) {
    return element.matches("textarea, select, [contenteditable], input:not([type=checkbox]):not([type=radio])");
  }

  function leave(element) {
    const fold = element.closest("details[open]");
    if (!help.hidden) showHelp(false);
    else if (typing(element)) (fold?.querySelector("summary") ?? start).focus();
    else if (fold) {
      fold.open = false;
      fold.querySelector("summary").focus();
    } else start.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const element = event.target instanceof Element ? event.target : document.body;
    if (event.key === "Escape") {
      leave(element);
      return;
    }
    if (!switched.checked || typing(element)) return;
    if (items.length && (event.key === "j" || event.key === "k")) {
      event.preventDefault();
      step(event.key === "j" ? 1 : -1);
      return;
    }
    if (items.includes(document.activeElement) && event.key === "o") {
      event.preventDefault();
      document.activeElement.click();
      return;
    }
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (target === null || target.closest("fieldset[disabled]")) return;
    event.preventDefault();
    use(target);
  });

  // Return in a field presses the button of the fold that it stands in, or none.
  document.querySelector("[data-decide]")?.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || field.matches("button, textarea, summary, a")) return;
    event.preventDefault();
    const own = field.closest("details.decision")?.querySelector("button[data-own]");
    if (own) focus(own);
  });

  panel.hidden = false;
  switched.checked = remembered();
  document.body.classList.toggle("no-keys", !switched.checked);
  switched.addEventListener("change", () => {
    remember(switched.checked);
    document.body.classList.toggle("no-keys", !switched.checked);
  });
  document.body.classList.add("keyed");
  if (!location.hash) (document.querySelector("[data-done]") ?? start).focus({ preventScroll: true });
})();
