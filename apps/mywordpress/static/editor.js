// Pictures dropped or pasted into the text are uploaded at once and written where the cursor is. Without this script
// the file field of the form does the same when the post is saved.
(() => {
  const MOST_BYTES = 15 * 1024 * 1024;
  const form = document.querySelector("[data-editor]");
  const text = form.querySelector("textarea[name=body]");
  const status = form.querySelector("[data-status]");
  const field = form.querySelector("input[type=file]");
  let uploads = 0;

  const say = (message, failed = false) => {
    status.textContent = message;
    status.toggleAttribute("data-failed", failed);
  };

  const replace = (mark, markdown) => {
    const at = text.value.indexOf(mark);
    if (at >= 0) text.setRangeText(markdown, at, at + mark.length, "end");
  };

  const upload = async (file) => {
    const body = new FormData();
    body.append("file", file);
    const response = await fetch(form.dataset.upload, { method: "POST", body, headers: { Accept: "application/json" } });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error.detail);
    return answer.markdown;
  };

  const take = async (file) => {
    if (file.size > MOST_BYTES) return say(`${file.name} is too large: a picture may have up to 15 MB.`, true);
    const mark = `\n![Uploading ${file.name.replace(/[[\]]/g, "")} (${++uploads})]()\n`;
    text.setRangeText(mark, text.selectionStart, text.selectionEnd, "end");
    say(`Uploading ${file.name} …`);
    try {
      replace(mark, `\n${await upload(file)}\n`);
      say(`${file.name} is in the text. Please say in the brackets what it shows.`);
    } catch (error) {
      replace(mark, "");
      say(error instanceof TypeError || error instanceof SyntaxError ? "The upload failed; please try again." : error.message, true);
    }
  };

  const takeAll = (event, files) => {
    const pictures = [...(files ?? [])].filter((file) => file.type.startsWith("image/"));
    if (pictures.length === 0) return;
    event.preventDefault();
    pictures.reduce((before, file) => before.then(() => take(file)), Promise.resolve());
  };

  text.addEventListener("paste", (event) => takeAll(event, event.clipboardData?.files));
  text.addEventListener("drop", (event) => {
    text.removeAttribute("data-dropping");
    takeAll(event, event.dataTransfer?.files);
  });
  text.addEventListener("dragover", (event) => {
    if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
    event.preventDefault();
    text.setAttribute("data-dropping", "");
  });
  text.addEventListener("dragleave", () => text.removeAttribute("data-dropping"));

  // A file that the server would refuse anyway need not travel there first.
  field?.addEventListener("change", () => {
    const file = field.files[0];
    field.setCustomValidity(file && file.size > MOST_BYTES ? "A picture may have up to 15 MB." : "");
    field.reportValidity();
  });

  // On a slow network people press again, and a new post would be made twice. After a while they may: it is not coming.
  let sentAt = -Infinity;
  let saved = new FormData(form).get("title") + text.value;
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget) return;
    if (event.timeStamp - sentAt < 20_000) return event.preventDefault();
    sentAt = event.timeStamp;
    saved = null;
  });
  // Coming back by the history, the writer may send the form again.
  window.addEventListener("pageshow", () => (sentAt = -Infinity));
  window.addEventListener("beforeunload", (event) => {
    if (saved !== null && saved !== new FormData(form).get("title") + text.value) event.preventDefault();
  });
})();
