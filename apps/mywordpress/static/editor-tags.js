// Tags by typing: each becomes a piece of its own that can be taken away. Without this script commas part them.
(() => {
  const box = document.querySelector("[data-tags]");
  if (!box) return;
  const { says } = window.editor;
  const field = box.querySelector("input[name=tags]");
  const typed = field.cloneNode();
  typed.removeAttribute("name");
  typed.setAttribute("list", "tag-names");
  typed.removeAttribute("maxlength");
  typed.value = "";
  field.type = "hidden";
  field.removeAttribute("id");
  const list = document.createElement("ul");
  list.className = "tags";
  field.after(typed);
  typed.after(list);
  let names = [];

  const draw = () => {
    field.value = names.join(", ");
    list.replaceChildren(...names.map(piece));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const piece = (name) => {
    const item = document.createElement("li");
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "tag tags__one", textContent: name });
    remove.setAttribute("aria-label", `${says.saysRemove} ${name}`);
    remove.addEventListener("click", () => {
      names = names.filter((other) => other !== name);
      draw();
      typed.focus();
    });
    item.append(remove);
    return item;
  };
  const add = (text) => {
    const fresh = text.split(",").map((name) => name.trim().replace(/\s+/g, " ")).filter(Boolean);
    for (const name of fresh) if (!names.some((other) => other.toLowerCase() === name.toLowerCase())) names.push(name);
    typed.value = "";
    draw();
  };

  add(field.value);
  typed.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault();
      add(typed.value);
    } else if (event.key === "Backspace" && !typed.value && names.length) {
      names.pop();
      draw();
    }
  });
  typed.addEventListener("change", () => add(typed.value));
  window.editor.form.addEventListener("submit", () => add(typed.value));
})();
