// Renews the drawing every two seconds for whoever asked to watch, until they stop or leave.
(() => {
  const EVERY_MS = 2000;
  const button = document.querySelector("[data-watch]");
  const live = document.querySelector("[data-live]");
  let timer = 0;

  const renew = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const status = live.querySelector("[role=status]");
    const told = page.querySelector("[data-live] [role=status]").textContent;
    // Said only when it changes, or a screen reader would repeat it for ever.
    if (status.textContent !== told) status.textContent = told;
    live.querySelector(".topology").replaceWith(document.adoptNode(page.querySelector(".topology")));
  };

  const watch = () => {
    if (!document.hidden) renew().catch(() => {});
    timer = setTimeout(watch, EVERY_MS);
  };

  button.hidden = false;
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    clearTimeout(timer);
    if (on) watch();
  });
})();
