// Ticks the server's time. The browser's own wall clock is never read: what counts is the moment that the server wrote
// into the page, and the monotonic clock since then. Offsets come from the page too, so that everybody sees one tz edition.
(() => {
  const page = document.querySelector("[data-now]");
  const clocks = [...document.querySelectorAll("[data-clock]")];
  const needle = document.querySelector("[data-needle]");
  const weekday = new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "UTC" });
  const month = new Intl.DateTimeFormat("en", { month: "long", timeZone: "UTC" });
  const longDate = (date) =>
    `${weekday.format(date)} ${date.getUTCDate()} ${month.format(date)} ${date.getUTCFullYear()}`;
  const two = (number) => String(number).padStart(2, "0");

  // Unix milliseconds = origin + performance.now(). The server wrote its time about midway between request and response.
  const [visit] = performance.getEntriesByType("navigation");
  let origin = Number(page.dataset.now) * 1000 - (visit.requestStart + visit.responseStart) / 2;
  let shown = -Infinity;
  let left = null;

  const local = (element, second) => {
    const { offset, changeAt, changeOffset } = element.dataset;
    const current = changeAt && second >= Number(changeAt) ? changeOffset : offset;
    return new Date((second + Number(current)) * 1000);
  };

  const write = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
  };

  const painters = {
    dial(element, date) {
      write(element.querySelector("[data-part=hours]"), two(date.getUTCHours()));
      write(element.querySelector("[data-part=minutes]"), two(date.getUTCMinutes()));
      write(element.querySelector("[data-part=seconds]"), two(date.getUTCSeconds()));
      const minute = date.getUTCHours() * 60 + date.getUTCMinutes() + date.getUTCSeconds() / 60;
      for (const end of ["x1", "x2"]) needle.setAttribute(end, minute.toFixed(2));
    },
    minutes: (element, date) => write(element, `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`),
    date: (element, date) => write(element, longDate(date)),
  };

  const paint = (second) => {
    for (const element of clocks) {
      if (element.dataset.clock === "unix") write(element, String(second));
      else if (element.dataset.clock === "julian") write(element, (second / 86400 + 2440587.5).toFixed(4));
      else painters[element.dataset.clock](element, local(element, second));
    }
  };

  // A correction backwards of up to two seconds holds the display instead of showing a second twice.
  const tick = () => {
    const now = origin + performance.now();
    const second = Math.floor(now / 1000);
    if (second > shown || shown - second > 2) {
      paint(second);
      shown = second;
    }
    setTimeout(tick, 1000 - (now % 1000) + 1);
  };

  // The monotonic clock of some systems stops while they sleep, so after an absence the server is asked once.
  const ask = async () => {
    const sent = performance.now();
    const response = await fetch("/api/timezone/Etc/UTC", { cache: "no-store" });
    const received = performance.now();
    if (!response.ok || received - sent > 2000) return;
    origin = Date.parse((await response.json()).datetime) - (sent + received) / 2;
  };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) left = performance.now();
    // Offline, the clock goes on with what it has.
    else if (left !== null && performance.now() - left > 5000) ask().catch(() => {});
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) ask().catch(() => {});
  });

  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const link of document.querySelectorAll("[data-own-zone]")) {
    link.hidden = new URLSearchParams(location.search).get("zone") === own;
  }

  tick();
})();
