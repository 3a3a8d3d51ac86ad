// Loaded in the head without defer, so that the chosen theme is there before the first paint.
(() => {
  const order = ["system", "light", "dark"];
  const root = document.documentElement;

  // Storage throws where the browser forbids it; the choice then lasts for this page only.
  const read = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null;
    }
  };
  const write = (theme) => {
    try {
      localStorage.setItem("theme", theme);
    } catch {
      return;
    }
  };

  let theme = order.includes(read()) ? read() : "system";

  const apply = () => {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
  };

  const label = (button) => {
    // The page brings the words, in its language: data-says-system, data-says-light, data-says-dark.
    const words = button.getAttribute(`data-says-${theme}`);
    button.setAttribute("aria-label", words);
    button.title = words;
    button.dataset.themeSwitch = theme;
  };

  apply();
  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      button.hidden = false;
      label(button);
      button.addEventListener("click", () => {
        theme = order[(order.indexOf(theme) + 1) % order.length];
        write(theme);
        apply();
        label(button);
      });
    }
  });
  window.addEventListener("storage", (event) => {
    if (event.key !== "theme") return;
    theme = order.includes(event.newValue) ? event.newValue : "system";
    apply();
    document.querySelectorAll("[data-theme-switch]").forEach(label);
  });
})();
