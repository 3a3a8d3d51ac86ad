// An open part of the menu closes by Escape, and when the focus or a click goes elsewhere. It opens without this.
(() => {
  const parts = document.querySelectorAll(".menu__more");
  const close = (except) => parts.forEach((part) => {
    if (part !== except) part.open = false;
  });

  document.addEventListener("keydown", (event) => {
    const open = document.querySelector(".menu__more[open]");
    if (event.key !== "Escape" || !open) return;
    const inside = open.contains(document.activeElement);
    open.open = false;
    if (inside) open.querySelector("summary").focus();
  });
  for (const kind of ["click", "focusin"]) {
    document.addEventListener(kind, (event) => close(event.target.closest(".menu__more")));
  }
})();
