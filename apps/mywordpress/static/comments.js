/* Answer a comment below it, and tell how long somebody was here. Without this, a link leads to the same form. */
(() => {
  const form = document.querySelector("[data-respond]");
  if (!form) return;
  const opened = performance.now();
  const home = document.createComment("the form stands here");
  const heading = form.querySelector("[data-heading]");
  const cancel = form.querySelector("[data-cancel]");
  const parent = form.elements.parent;
  form.before(home);

  const place = (link) => {
    const comment = link.closest(".comment");
    comment.querySelector(".comment__body").after(form);
    parent.value = link.dataset.reply;
    heading.textContent = form.dataset.answer.replace("{name}", link.dataset.name);
    cancel.parentElement.hidden = false;
    form.elements.text.focus();
  };

  const bringBack = () => {
    home.after(form);
    parent.value = "";
    heading.textContent = heading.dataset.say;
    cancel.parentElement.hidden = true;
    form.elements.text.focus();
  };

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const link = event.target.closest("[data-reply]");
    if (!link && !event.target.closest("[data-cancel]")) return;
    event.preventDefault();
    if (link) place(link);
    else bringBack();
  });

  form.addEventListener("submit", () => {
    if (form.elements.spent) form.elements.spent.value = ((performance.now() - opened) / 1000).toFixed(1);
  });
})();
