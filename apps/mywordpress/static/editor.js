// The form of the editor: what others of its scripts build on, and that nothing is sent twice or left by mistake.
(() => {
  const form = document.querySelector("[data-editor]");
  const text = form.querySelector("textarea[name=body]");
  const title = form.querySelector("[name=title]");
  const status = form.querySelector("[data-status]");
  const count = form.querySelector("[data-count]");
  const date = form.querySelector("[data-date]");

  const say = (message, failed = false) => {
    status.textContent = message;
    status.toggleAttribute("data-failed", failed);
  };

  // By the browser's own editing where it can, so that a writer may undo it.
  const insert = (words, from = text.selectionStart, to = text.selectionEnd) => {
    text.focus();
    text.setSelectionRange(from, to);
    if (!document.execCommand("insertText", false, words)) text.setRangeText(words, from, to, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const isHtml = () => form.elements.format.value === "html";
  const says = form.dataset;
  // On a slow network people press again, and a new post would be made twice. After a while they may: it is not coming.
  let sentAt = -Infinity;
  const everything = () => [...new FormData(form)].filter(([, value]) => typeof value === "string").join("\n");
  let saved = form.hasAttribute("data-changed") ? "" : everything();

  window.editor = {
    form, text, title, says, say, insert, isHtml, everything,
    isChanged: () => saved !== null && saved !== everything(),
    isSent: () => saved === null,
    // This state of the form is what the server has.
    settle: (state) => (saved = state),
  };

  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget) return;
    if (event.timeStamp - sentAt < 20_000) return event.preventDefault();
    sentAt = event.timeStamp;
    saved = null;
  });
  // Coming back by the history, the writer may send the form again.
  window.addEventListener("pageshow", (event) => {
    sentAt = -Infinity;
    if (event.persisted) saved = "";
  });
  window.addEventListener("beforeunload", (event) => {
    if (window.editor.isChanged()) event.preventDefault();
  });
  form.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    form.requestSubmit(form.querySelector(".editor__actions [type=submit]"));
  });

  const counted = () => {
    const words = text.value.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
    count.textContent = `${words.toLocaleString(document.documentElement.lang)} ${says.saysWords}`;
  };
  text.addEventListener("input", counted);
  counted();

  // The button says what it will do.
  const publish = form.querySelector("[data-publish]");
  const named = () => {
    if (publish) publish.textContent = date?.value && isToCome(date.value) ? says.saysSchedule : says.saysPublish;
  };
  const isToCome = (value) => {
    const zone = form.dataset.zone;
    const now = new Intl.DateTimeFormat("sv", { timeZone: zone, dateStyle: "short", timeStyle: "short" }).format(new Date());
    return value.slice(0, 16) > now.replace(" ", "T");
  };
  date?.addEventListener("input", named);
  named();
})();
