// Moves the needle through the day: by the slider, by hovering over a band, by a click on it. All that is shown comes
// from the page: at which minute of the day which offset, date and part of the day begin for each of the people.
(() => {
  const meet = document.querySelector("[data-meet]");
  if (!meet) return;

  const STEP = 15;
  const start = Number(meet.dataset.start);
  const minutes = Number(meet.dataset.minutes);
  const slider = document.querySelector("#slider");
  const field = document.querySelector("#share");
  const copy = document.querySelector("[data-copy]");
  const two = (number) => String(number).padStart(2, "0");

  const steps = (text) => text.split("|").map((step) => [Number(step.split("=")[0]), step.slice(step.indexOf("=") + 1)]);
  const at = (found, minute) => found.findLast(([from]) => from <= minute)[1];

  const people = [...meet.querySelectorAll("[data-person]")].map((element) => ({
    element,
    name: element.dataset.person,
    offsets: steps(element.dataset.offsets),
    dates: steps(element.dataset.dates),
    parts: steps(element.dataset.parts),
    needle: element.querySelector("[data-needle]"),
    time: element.querySelector("[data-shown-time]"),
    date: element.querySelector("[data-shown-date]"),
    part: element.querySelector("[data-shown-part]"),
  }));

  const clock = (person, minute) => {
    const local = new Date((start + minute * 60 + Number(at(person.offsets, minute))) * 1000);
    return `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
  };

  const show = (minute) => {
    for (const person of people) {
      const part = at(person.parts, minute);
      person.element.dataset.part = part;
      person.time.textContent = clock(person, minute);
      person.date.textContent = at(person.dates, minute);
      person.part.textContent = meet.dataset[part];
      for (const end of ["x1", "x2"]) person.needle.setAttribute(end, `${((100 * minute) / minutes).toFixed(3)}%`);
    }
  };

  // 2026-11-23T14:00Z, as the page's address has it.
  const utc = (minute) => `${new Date((start + minute * 60) * 1000).toISOString().slice(0, 16)}Z`;

  const address = (minute) => {
    const found = new URL(field.value);
    found.searchParams.set("at", utc(minute));
    // Commas, colons and slashes may stand in a query as they are, and people can read them then.
    found.search = found.search.replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%3A", ":");
    return found;
  };

  const tell = (minute) => {
    slider.setAttribute("aria-valuetext", people.map((person) => `${person.name} ${clock(person, minute)}`).join(", "));
  };

  const pick = (minute) => {
    slider.value = minute;
    show(minute);
    tell(minute);
    field.value = address(minute).href;
  };

  const keep = () => {
    const found = new URL(field.value);
    history.replaceState(null, "", `${location.pathname}${found.search}`);
  };

  const below = (event) => {
    const band = event.currentTarget.getBoundingClientRect();
    const minute = (minutes * (event.clientX - band.left)) / band.width;
    return Math.min(Math.max(Math.floor(minute / STEP) * STEP, 0), minutes - STEP);
  };

  for (const { element } of people) {
    const band = element.querySelector(".band");
    // A finger that scrolls the page must not move the needle with it; a tap is a click.
    band.addEventListener("pointermove", (event) => event.pointerType === "mouse" && show(below(event)));
    band.addEventListener("pointerleave", () => show(Number(slider.value)));
    band.addEventListener("click", (event) => {
      pick(below(event));
      keep();
    });
  }

  slider.addEventListener("input", () => pick(Number(slider.value)));
  slider.addEventListener("change", keep);
  slider.closest("[data-slider]").hidden = false;
  document.querySelector("[data-pick]").hidden = true;
  tell(Number(slider.value));

  field.addEventListener("focus", () => field.select());
  // Pages on plain http have no clipboard.
  if (navigator.clipboard) {
    const word = copy.textContent;
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(field.value);
      copy.textContent = copy.dataset.copied;
      setTimeout(() => (copy.textContent = word), 2000);
    });
  }
})();
