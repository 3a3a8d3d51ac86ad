/* Everything works without this script; with it, colours change in place and forms send themselves. */
"use strict";

/* With the arrow keys, a closed list changes at every entry passed: whoever uses them sends the form by its button. */
let keyed = false;
document.addEventListener("keydown", () => (keyed = true), true);
document.addEventListener("pointerdown", () => (keyed = false), true);
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form && !keyed) form.requestSubmit();
});

/* A second click must not send a second order; the server would find the first one, but slower. */
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-submit-once]");
  if (!form) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});

/* Coming back by the history, the visitor may send the form again. */
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-submit-once]")) delete form.dataset.sent;
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap-link]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  swap(link.href).catch(() => window.location.assign(link.href));
});

async function swap(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-swap]");
  document.querySelector("[data-swap]").replaceWith(fresh);
  document.title = page.title;
  history.replaceState(null, "", address);
  fresh.querySelector("a[data-swap-link][aria-current]")?.focus();
}
