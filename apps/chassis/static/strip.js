// Fills the architecture strip from this page's own Server-Timing header: what the browser was told is what is shown.
(() => {
  const page = performance.getEntriesByType("navigation")[0];
  const timings = new Map((page?.serverTiming ?? []).map((entry) => [entry.name, entry]));

  for (const part of document.querySelectorAll("[data-timing]")) {
    const entry = timings.get(part.dataset.timing);
    if (!entry) continue;
    const value = entry.name === "app" ? `${entry.duration.toFixed(1)} ms` : entry.description;
    if (!value) continue;
    part.querySelector("dd").textContent = value;
    part.hidden = false;
  }
})();
