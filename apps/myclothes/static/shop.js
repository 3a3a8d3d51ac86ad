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

/* A second click must not send it twice: it would be a second piece in the cart, or a refusal in place of the answer.
   Whoever has stopped a slow page may try again, and what is sent by a change may change again at once. */
const AGAIN = 3000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  // A field of that name would hide the property.
  if (form.getAttribute("method") !== "post" || form.matches("[data-submit-on-change]")) return;
  if (Date.now() - (form.dataset.sent ?? 0) < AGAIN) event.preventDefault();
  else form.dataset.sent = Date.now();
});

/* Coming back by the history, the visitor may send the form again. */
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
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
  const size = document.querySelector("[data-size]:checked")?.dataset.size;
  const same = [...fresh.querySelectorAll("[data-size]:enabled")].find((choice) => choice.dataset.size === size);
  if (same) same.checked = true;
  document.querySelector("[data-swap]").replaceWith(fresh);
  document.title = page.title;
  const languages = page.querySelectorAll("a.language");
  document.querySelectorAll("a.language").forEach((link, at) => (link.href = languages[at]?.getAttribute("href")));
  history.replaceState(null, "", address);
  fresh.querySelector("a[data-swap-link][aria-current]")?.focus();
}
