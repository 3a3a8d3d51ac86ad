// Marks of the text by buttons and keys, in Markdown or HTML.
(() => {
  const { form, text, insert, isHtml } = window.editor;
  const toolbar = form.querySelector("[data-toolbar]");
  const buttons = [...toolbar.querySelectorAll("button")];

  const around = (before, after = before, instead = "") => {
    const [from, to] = [text.selectionStart, text.selectionEnd];
    const words = text.value.slice(from, to) || instead;
    insert(before + words + after, from, to);
    text.setSelectionRange(from + before.length, from + before.length + words.length);
  };

  const eachLine = (before) => {
    const from = text.value.lastIndexOf("\n", text.selectionStart - 1) + 1;
    const lines = text.value.slice(from, text.selectionEnd).split("\n");
    insert(lines.map((line) => before + line).join("\n"), from, text.selectionEnd);
  };

  const alone = (words) => {
    const before = text.value.slice(0, text.selectionStart);
    const gap = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    insert(`${gap}${words}\n\n`);
  };

  const link = () => {
    const words = text.value.slice(text.selectionStart, text.selectionEnd);
    const at = text.selectionStart;
    if (isHtml()) around('<a href="https://">', "</a>", "link");
    else around("[", "](https://)", "link");
    // The address is what has to be typed next.
    const start = text.value.indexOf("https://", at);
    if (words) text.setSelectionRange(start, start + 8);
  };

  const marks = {
    bold: () => (isHtml() ? around("<strong>", "</strong>") : around("**")),
    italic: () => (isHtml() ? around("<em>", "</em>") : around("*")),
    heading: () => (isHtml() ? around("<h2>", "</h2>") : eachLine("## ")),
    link,
    quote: () => (isHtml() ? around("<blockquote>", "</blockquote>") : eachLine("> ")),
    list: () => (isHtml() ? around("<ul>\n<li>", "</li>\n</ul>") : eachLine("- ")),
    code: () => (isHtml() ? around("<code>", "</code>") : around("`")),
    picture: () => window.editor.choosePicture(),
    more: () => alone("<!--more-->"),
    page: () => alone("<!--nextpage-->"),
  };
  const keys = { b: "bold", i: "italic", k: "link" };

  toolbar.hidden = false;
  toolbar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    text.focus();
    marks[button.dataset.mark]();
  });
  // One stop for the tab key; arrows go on within, as toolbars do.
  toolbar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length];
    buttons.forEach((button) => (button.tabIndex = button === next ? 0 : -1));
    next.focus();
  });
  text.addEventListener("keydown", (event) => {
    const mark = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && keys[event.key.toLowerCase()];
    if (!mark) return;
    event.preventDefault();
    marks[mark]();
  });

  // As tall as what is written, where the browser cannot do so by itself.
  if (!CSS.supports("field-sizing", "content")) {
    const grow = () => {
      text.style.height = "auto";
      text.style.height = `${text.scrollHeight + 4}px`;
    };
    text.addEventListener("input", grow);
    grow();
  }
})();
