// Measures true time against the server, and tells how far the visitor's own clock is from it. A visitor's tab asks at
// most eight times a minute, however often it reloads, sleeps or has its clock set.
(() => {
  const clock = window.clock;
  if (!clock) return;

  const SAMPLES = 7; // One stays for the moment after a sleep.
  const MOST_A_MINUTE = 8;
  const MINUTE = 60_000;
  const AGAIN = 10 * MINUTE;
  const LOOK = 5_000;
  const JUMP_MS = 100;
  const PERFECT_MS = 1;
  const KEY = "sync";
  const line = document.querySelector("[data-sync]");
  const lang = document.documentElement.lang || "en";

  // Storage throws where the browser forbids it; then each page measures for itself.
  const recall = () => {
    try {
      return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
    } catch {
      return {};
    }
  };
  const keep = (state) => {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(state));
    } catch {
      return;
    }
  };

  // `asked` holds when we asked (true time), `last` the last result: the own clock's error then, and its bound.
  const state = { asked: [], last: null, ...recall() };
  const recent = () => state.asked.filter((at) => Math.abs(clock.now() - at) < MINUTE);

  const sample = async () => {
    state.asked = [...recent(), clock.now()];
    keep(state);
    const sent = performance.now();
    const response = await fetch("/api/sync", { cache: "no-store", signal: AbortSignal.timeout(5000) });
    const received = performance.now();
    if (!response.ok) throw new Error(`status ${response.status}`);
    const server = await response.json();
    const origin = (server.received + server.sent) * 500 - (sent + received) / 2;
    const bound = (received - sent - (server.sent - server.received) * 1000) / 2;
    // The server knows how right its own clock is, if it measures that.
    const doubt = server.clock ? (Math.abs(server.clock.offset) + server.clock.bound) * 1000 : 0;
    return { origin, bound, doubt };
  };

  const best = async (samples) => {
    let found = null;
    for (let left = samples; left > 0 && !(found?.bound <= PERFECT_MS); left -= 1) {
      const next = await sample();
      if (!found || next.bound < found.bound) found = next;
    }
    return found;
  };

  // Two units at most, and no more digits than the bound bears out.
  const UNITS = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];
  const decimals = (bound) => [10, 100, 1000].findLastIndex((limit) => bound >= limit);
  const counted = (unit, number, digits = 0) =>
    line.dataset[unit].replace("{number}", new Intl.NumberFormat(lang, { maximumFractionDigits: digits }).format(number));

  // The smallest part of an error that is told, in seconds.
  const step = (milliseconds) => {
    const seconds = Math.round(Math.abs(milliseconds) / 1000);
    const large = UNITS.findIndex(([, size]) => seconds >= size);
    return seconds < 60 ? 0 : UNITS[large + 1][1];
  };

  const length = (milliseconds, bound) => {
    const smallest = step(milliseconds);
    if (!smallest) return counted("second", Math.abs(milliseconds) / 1000, 2 - decimals(bound));
    let rest = Math.round(Math.abs(milliseconds) / 1000 / smallest) * smallest;
    const parts = UNITS.map(([unit, size]) => {
      const number = Math.floor(rest / size);
      rest %= size;
      return number && counted(unit, number);
    });
    return parts.filter(Boolean).join(" ");
  };

  // The scale goes from one second behind to one second ahead; what lies beyond stands at its end.
  const draw = (error, bound) => {
    const place = (milliseconds) => 100 + Math.max(-1000, Math.min(1000, milliseconds)) / 10;
    const [needle, band] = ["[data-sync-needle]", "[data-sync-bound]"].map((part) => line.querySelector(part));
    for (const end of ["x1", "x2"]) needle.setAttribute(end, place(error).toFixed(1));
    band.setAttribute("x", place(error - bound).toFixed(1));
    band.setAttribute("width", Math.max(place(error + bound) - place(error - bound), 2).toFixed(1));
  };

  const tell = ({ error, bound }) => {
    if (!line) return;
    const kind = Math.abs(error) <= bound ? "exact" : error > 0 ? "ahead" : "behind";
    // Beside a minute told in whole seconds, a bound of milliseconds says nothing.
    const sure = kind !== "exact" && bound < 500 * step(error) ? "Sure" : "";
    const words = { "{offset}": length(error, bound), "{bound}": length(Math.max(bound, 1), bound) };
    const text = line.dataset[kind + sure].replace(/\{\w+\}/g, (name) => words[name]);
    line.dataset.state = kind;
    const place = line.querySelector("[data-sync-text]");
    if (place.textContent !== text) place.textContent = text;
    draw(error, bound);
    line.hidden = false;
  };

  let working = false;
  let timer = null;
  const later = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(() => measure(SAMPLES), delay);
  };

  const measure = async (samples) => {
    const left = MOST_A_MINUTE - recent().length;
    if (working || document.hidden) return;
    if (left <= 0) return later(recent()[0] + MINUTE - clock.now() + 50);
    working = true;
    later(AGAIN);
    try {
      const found = await best(Math.min(samples, left));
      clock.correct(found.origin);
      const error = Date.now() - clock.now();
      state.last = { at: clock.now(), error, bound: found.bound + found.doubt };
      keep(state);
      tell(state.last);
    } catch {
      // Offline or refused, the display goes on with what it has.
      later(MINUTE);
    } finally {
      working = false;
      gap = Date.now() - performance.now();
    }
  };

  // A monotonic clock may stop while the device sleeps. Then, and when the own clock is set, the two part.
  let gap = Date.now() - performance.now();
  const look = () => {
    const now = Date.now() - performance.now();
    const jumped = Math.abs(now - gap) > JUMP_MS;
    gap = now;
    if (jumped || !state.last || clock.now() - state.last.at > AGAIN) measure(MOST_A_MINUTE);
  };
  setInterval(look, LOOK);
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pageshow", (event) => event.persisted && measure(MOST_A_MINUTE));

  // A result of this minute serves the next page too, if that page's own moment does not contradict it.
  const carried = state.last && Math.abs(clock.now() - state.last.at) < MINUTE && Date.now() - state.last.error;
  if (carried && Math.abs(carried - clock.now()) < clock.bound + state.last.bound + 2) {
    clock.correct(carried - performance.now());
    tell(state.last);
    later(state.last.at + AGAIN - clock.now());
  } else {
    measure(SAMPLES);
  }
})();
