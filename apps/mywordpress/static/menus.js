// Drag an item before, after or below another. Its arrows do the same, by keyboard and without this script.
(() => {
  const menu = document.querySelector("[data-menu]");
  if (!menu) return;
  let dragged = null;
  let target = null;

  const clear = () => {
    if (target) target.line.classList.remove("is-before", "is-after", "is-below");
    target = null;
  };

  const where = (line, event) => {
    const box = line.getBoundingClientRect();
    const part = (event.clientY - box.top) / box.height;
    if (part < 0.3) return "before";
    return part > 0.7 ? "after" : "below";
  };

  // Sent as the arrows send it, so that the page that comes back shows the new order or says why there is none.
  const send = (item, relation, other) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = item.dataset.place;
    for (const [name, value] of [["where", relation], ["other", other.dataset.item]]) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  };

  document.querySelector("[data-drag-hint]").hidden = false;
  for (const handle of menu.querySelectorAll("[data-handle]")) {
    handle.hidden = false;
    handle.parentElement.draggable = true;
  }

  menu.addEventListener("dragstart", (event) => {
    const line = event.target.closest?.("[data-line]");
    if (!line) return;
    dragged = line.closest("[data-item]");
    dragged.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.item);
  });

  menu.addEventListener("dragover", (event) => {
    const line = event.target.closest?.("[data-line]");
    clear();
    if (!dragged || !line || dragged.contains(line)) return;
    event.preventDefault();
    target = { line, relation: where(line, event) };
    line.classList.add(`is-${target.relation}`);
  });

  menu.addEventListener("drop", (event) => {
    if (!dragged || !target) return;
    event.preventDefault();
    send(dragged, target.relation, target.line.closest("[data-item]"));
  });

  menu.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    dragged = null;
    clear();
  });
})();
