// Offers zones below a field while somebody types in it. Without this the server understands what was typed as well.
(() => {
  const PAUSE_MS = 150;
  const asked = new Map();
  const lang = document.documentElement.lang;

  const ask = async (text) => {
    if (!asked.has(text)) {
      const response = await fetch(`/api/search?${new URLSearchParams({ q: text, lang })}`);
      asked.set(text, response.ok ? (await response.json()).places : []);
    }
    return asked.get(text);
  };

  const option = ({ timezone, name, country }) => new Option([name, country].filter(Boolean).join(", "), timezone);

  for (const field of document.querySelectorAll("[data-suggest]")) {
    const list = document.createElement("datalist");
    list.id = `${field.id}-suggestions`;
    field.after(list);
    field.setAttribute("list", list.id);
    let timer = null;

    const offer = async () => {
      const text = field.value.trim();
      // A syllable of Hangul says as much as two letters. Who picked one of the offers needs no others.
      if (!text || [...list.options].some((option) => option.value === text)) return;
      const places = await ask(text);
      if (field.value.trim() !== text) return;
      list.replaceChildren(...places.map(option));
    };

    field.addEventListener("input", () => {
      clearTimeout(timer);
      // Offline, what is typed still reaches the server with the form.
      timer = setTimeout(() => offer().catch(() => {}), PAUSE_MS);
    });
  }
})();
