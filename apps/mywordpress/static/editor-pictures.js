// Pictures dropped, pasted or chosen are uploaded at once and written where the cursor is. Without this script the file
// field of the form does the same when the post is saved.
(() => {
  const MOST_BYTES = 15 * 1024 * 1024;
  const { form, text, say, says, insert, isHtml } = window.editor;
  const field = form.querySelector("input[type=file]");
  const featured = form.querySelector("[data-featured]");
  let uploads = 0;

  const replace = (mark, words) => {
    const at = text.value.indexOf(mark);
    if (at < 0) return;
    const [from, to] = [text.selectionStart, text.selectionEnd];
    text.setRangeText(words, at, at + mark.length, "preserve");
    // Whoever types on meanwhile stays where they are.
    if (from > at + mark.length) text.setSelectionRange(from + words.length - mark.length, to + words.length - mark.length);
    text.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const upload = async (file) => {
    const body = new FormData();
    body.append("file", file);
    const response = await fetch(form.dataset.upload, { method: "POST", body, headers: { Accept: "application/json" } });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error.detail);
    return answer;
  };

  const offer = (picture, name) => {
    const label = document.createElement("label");
    label.className = "featured-choice__one";
    const choice = Object.assign(document.createElement("input"), { type: "radio", name: "picture_id", value: picture.id });
    const image = Object.assign(new Image(96, 72), { src: picture.url, alt: name });
    label.append(choice, image);
    if (!featured.querySelector(`[value="${picture.id}"]`)) featured.children[0].after(label);
  };

  const take = async (file) => {
    if (file.size > MOST_BYTES) return say(says.saysLarge, true);
    const name = file.name.replace(/[[\]<>"&]/g, "");
    const label = `${says.saysUploading} ${name} (${++uploads})`;
    const mark = isHtml() ? `\n<img alt="${label}">\n` : `\n![${label}]()\n`;
    insert(mark);
    say(`${says.saysUploading} ${name} …`);
    try {
      const picture = await upload(file);
      replace(mark, `\n${isHtml() ? `<img src="${picture.url}" alt="">` : picture.markdown}\n`);
      offer(picture, name);
      say(says.saysPicture);
    } catch (error) {
      replace(mark, "");
      say(error instanceof TypeError || error instanceof SyntaxError ? says.saysFailed : error.message, true);
    }
  };

  const takeAll = (event, files) => {
    const pictures = [...(files ?? [])].filter((file) => file.type.startsWith("image/"));
    if (pictures.length === 0 || !field) return;
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

  window.editor.choosePicture = () => {
    const chooser = Object.assign(document.createElement("input"), { type: "file", accept: field.accept, multiple: true });
    chooser.addEventListener("change", (event) => takeAll(event, chooser.files));
    chooser.click();
  };

  // A file that the server would refuse anyway need not travel there first.
  field?.addEventListener("change", () => {
    const file = field.files[0];
    field.setCustomValidity(file && file.size > MOST_BYTES ? says.saysLarge : "");
    field.reportValidity();
  });
})();
