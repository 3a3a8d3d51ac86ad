// Marks all rows of a list at once.
(() => {
  const all = document.querySelector("[data-mark-all]");
  if (!all) return;
  const box = all.querySelector("input");
  const rows = [...document.querySelectorAll("input[type=checkbox][form=selection]")];
  all.hidden = false;
  box.addEventListener("change", () => rows.forEach((row) => (row.checked = box.checked)));
  rows.forEach((row) => row.addEventListener("change", () => (box.checked = rows.every((one) => one.checked))));
})();
