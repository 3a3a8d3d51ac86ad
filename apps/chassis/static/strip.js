// Fills the architecture strip from this page's own Server-Timing header: what the browser was told is what is shown.
(() => {
  const show = (name, value) => {
    const part = document.querySelector(`[data-timing="${name}"]`);
    if (!part || !value) return;
    part.querySelector("dd").textContent = value;
    part.hidden = false;
  };

  const timings = performance.getEntriesByType("navigation")[0]?.serverTiming ?? [];
  for (const { name, description, duration } of timings) {
    show(name, name === "app" ? `${duration.toFixed(1)} ms` : description);
  }

  // Browsers keep Server-Timing to themselves on plain http, localhost excepted. Behind a balancer the instance asked
  // now may be another one than the page's, so the strip says that it asked.
  const ask = async () => {
    const response = await fetch("/whoami", { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!response.ok) return;
    const { instance_id: instance, availability_zone: zone } = await response.json();
    show("instance", instance);
    show("zone", zone);
    document.querySelector("[data-asked]").hidden = false;
  };
  // Without an answer the strip stays as short as it is without JavaScript.
  if (timings.length === 0 && !window.isSecureContext) ask().catch(() => {});
})();
