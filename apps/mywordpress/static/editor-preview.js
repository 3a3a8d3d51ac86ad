// How the text will look, beside it: made by the server as readers get it, shown in a frame in which no script runs.
(() => {
  const PAUSE = 350;
  const { form, text, title } = window.editor;
  const button = form.querySelector("[data-preview-switch]");
  const section = form.querySelector("[data-preview]");
  const frame = form.querySelector("[data-frame]");
  const wide = window.matchMedia("(min-width: 72rem)");
  const place = "editor-preview";
  let timer, running = false, again = false, shown = null;

  const remembered = () => {
    try {
      return localStorage.getItem(place);
    } catch {
      return null;
    }
  };

  const open = (is) => {
    section.hidden = !is;
    button.setAttribute("aria-pressed", String(is));
    form.toggleAttribute("data-previewing", is);
    if (is) refresh();
  };

  const page = () => {
    const theme = document.documentElement.dataset.theme;
    const attributes = `lang="${document.documentElement.lang}"${theme ? ` data-theme="${theme}"` : ""}`;
    return `<!doctype html><html ${attributes}>${form.querySelector("[data-preview-page]").innerHTML}</html>`;
  };

  const ready = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));

  const show = async (html) => {
    if (!frame.srcdoc) frame.srcdoc = page();
    await ready;
    const article = frame.contentDocument.querySelector("article");
    article.querySelector("h1").textContent = title.value;
    const parts = html.split("<!--nextpage-->").map((part) => `<div class="prose">${part}</div>`);
    article.querySelector("div").innerHTML = parts.join('<hr class="page-break">');
    // A link in there would lead the frame away.
    article.querySelectorAll("a").forEach((link) => (link.target = "_blank"));
  };

  const refresh = async () => {
    if (section.hidden) return;
    // One at a time: a server that is busy is not asked again before it has answered.
    if (running) return (again = true);
    running = true;
    const body = new URLSearchParams({ title: title.value, body: text.value, format: form.elements.format.value });
    const state = body.toString();
    try {
      if (state !== shown) {
        const response = await fetch(form.dataset.previewUrl, { method: "POST", body, headers: { Accept: "application/json" } });
        const answer = await response.json();
        section.toggleAttribute("data-failed", !response.ok);
        if (response.ok) {
          await show(answer.html);
          shown = state;
        }
      }
    } catch {
      section.setAttribute("data-failed", "");
    }
    running = false;
    if (again) {
      again = false;
      later();
    }
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  };

  // The place in the text decides which part of the preview is seen.
  const follow = () => {
    const view = frame.contentDocument?.scrollingElement;
    const { top, height } = text.getBoundingClientRect();
    const length = height - window.innerHeight / 2;
    if (!view || section.hidden || length <= 0) return;
    const part = Math.min(1, Math.max(0, (window.innerHeight / 4 - top) / length));
    view.scrollTop = part * (view.scrollHeight - view.clientHeight);
  };

  button.hidden = false;
  button.addEventListener("click", () => {
    open(section.hidden);
    try {
      localStorage.setItem(place, section.hidden ? "closed" : "open");
    } catch {
      // A browser that keeps nothing asks again next time.
    }
  });
  form.addEventListener("input", later);
  window.addEventListener("scroll", follow, { passive: true });
  open(wide.matches && remembered() !== "closed");
})();
