// Ticks true time. The browser's own wall clock is never read: what counts is the moment that the server wrote into the
// page, then what sync.js measures, and the monotonic clock since. Offsets come from the page too, so that everybody
// sees the same edition of the tz database.
(() => {
  const page = document.querySelector("[data-now]");
  if (!page) return;

  const [SLOWEST, FASTEST] = [0.1, 0.9];
  const CURE_MS = 1000;
  const STEP_MS = 2000;
  const clocks = [...document.querySelectorAll("[data-clock]")];
  const lang = document.documentElement.lang || "en";
  // Day before month, as the templates write it.
  const formatter = (shape) => new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { ...shape, timeZone: "UTC" });
  const long = formatter({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const short = formatter({ weekday: "short", day: "numeric", month: "short" });
  const two = (number) => String(number).padStart(2, "0");

  // Unix milliseconds = origin + performance.now(). The server wrote its time after it had worked for so long; what
  // else passed between request and response was the way there and back.
  const [visit] = performance.getEntriesByType("navigation");
  const worked = Number(page.dataset.worked ?? 0);
  const way = Math.max(0, visit.responseStart - visit.requestStart - worked) / 2;
  let origin = Number(page.dataset.now) * 1000 - (visit.requestStart + way + worked);
  let shownOrigin = origin;
  let slew = SLOWEST;
  let looked = performance.now();
  let painted = null;

  // What is shown runs faster or slower until it is right, so no second is skipped or seen twice. Only an error that
  // would take long to cure, as after a sleep, is cured at once.
  const shown = () => {
    const now = performance.now();
    const error = origin - shownOrigin;
    const most = (now - looked) * slew;
    looked = now;
    shownOrigin += Math.abs(error) > STEP_MS ? error : Math.max(-most, Math.min(most, error));
    return shownOrigin + now;
  };

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
    },
    needle(element, date) {
      const share = (date.getUTCHours() * 3600 + date.getUTCMinutes() * 60 + date.getUTCSeconds()) / 864;
      for (const end of ["x1", "x2"]) element.setAttribute(end, `${share.toFixed(3)}%`);
    },
    minutes: (element, date) => write(element, `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`),
    date: (element, date) => write(element, long.format(date).replace(",", "")),
    day: (element, date) => write(element, short.format(date).replace(",", "")),
  };

  const paint = (second) => {
    for (const element of clocks) {
      if (element.dataset.clock === "unix") write(element, String(second));
      else if (element.dataset.clock === "julian") write(element, (second / 86400 + 2440587.5).toFixed(4));
      else painters[element.dataset.clock](element, local(element, second));
    }
  };

  const tick = () => {
    const now = shown();
    const second = Math.floor(now / 1000);
    if (second !== painted) paint(second);
    painted = second;
    const rest = 1000 - (now % 1000) + 1;
    // While the display catches up, a second is not a second long.
    setTimeout(tick, origin === shownOrigin ? rest : Math.min(rest, 50));
  };

  window.clock = {
    /** True Unix milliseconds, as far as known. */
    now: () => origin + performance.now(),
    /** By how many milliseconds the page's own moment may be wrong. */
    bound: way,
    /** Take what was measured: Unix milliseconds at which performance.now() was 0. */
    correct(measured) {
      origin = measured;
      slew = Math.min(FASTEST, Math.max(SLOWEST, Math.abs(origin - shownOrigin) / CURE_MS));
    },
  };

  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const link of document.querySelectorAll("[data-own-zone]")) {
    link.hidden = new URLSearchParams(location.search).get("zone") === own;
  }

  tick();
})();
