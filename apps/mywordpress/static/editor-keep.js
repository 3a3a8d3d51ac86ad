// Nothing that was typed is lost: each change is kept in this browser at once and by the server a little later, and two
// writers who have one post open are told of each other.
(() => {
  const KEEP_AFTER = 400, SEND_AFTER = 2_000, BEAT = 15_000;
  const { form, text, title, say, says, isChanged, isSent } = window.editor;
  const excerpt = form.elements.excerpt;
  const place = () => `draft-${form.dataset.name}`;
  const others = document.querySelector("[data-others]");
  const local = document.querySelector("[data-local]");
  // Not read out each time; what goes wrong is.
  const status = form.querySelector("[data-kept]");
  let keepTimer, sendTimer, warned = false, sending = false, dirty = false;

  const words = () => ({ title: title.value, body: text.value, excerpt: excerpt?.value ?? "", version: form.elements.version.value });

  const store = (act) => {
    try {
      return act(localStorage);
    } catch {
      return null;
    }
  };
  const keep = (more) => store((kept) => kept.setItem(place(), JSON.stringify({ ...words(), ...more, at: Date.now() })));
  const drop = () => store((kept) => kept.removeItem(place()));
  const kept = () => JSON.parse(store((kept) => kept.getItem(place())) ?? "null");

  const post = async (path, fields) => {
    const response = await fetch(path, { method: "POST", body: new URLSearchParams(fields), headers: { Accept: "application/json" } });
    const answer = response.status === 204 ? null : await response.json();
    return { response, answer };
  };

  // A new post gets its number with its first words; from then on it is a draft like any other.
  const create = async () => {
    const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "version");
    const state = window.editor.everything();
    const { response, answer } = await post(form.dataset.create, fields);
    if (!response.ok) return { response, answer };
    window.editor.settle(state);
    drop();
    form.action = answer.url;
    form.dataset.post = answer.id;
    form.dataset.name = form.dataset.name.replace(/new$/, answer.id);
    form.elements.version.value = answer.version;
    history.replaceState(null, "", answer.edit);
    beat();
    return { response, answer };
  };

  const autosave = () => post(`/posts/${form.dataset.post}/autosave`, words());

  const note = (message) => {
    status.textContent = message;
    if (warned) say("");
    warned = false;
  };
  const warn = (message) => {
    status.textContent = "";
    if (!warned || message !== form.querySelector("[data-status]").textContent) say(message, true);
    warned = true;
  };

  const send = async () => {
    if (sending || isSent() || !isChanged()) return;
    if (!title.value.trim()) return note(form.dataset.post ? says.saysLocal : says.saysUntitled);
    sending = true;
    dirty = false;
    try {
      const { response, answer } = await (form.dataset.post ? autosave() : create());
      if (response.ok) {
        if (!dirty) drop();
        const time = new Date().toLocaleTimeString(document.documentElement.lang, { timeStyle: "short", hourCycle: "h23" });
        const isNewer = form.dataset.post && answer.version > Number(form.elements.version.value);
        if (isNewer) warn(says.saysNewer);
        else note(`${says.saysKept} ${time}`);
      } else {
        warn(response.status === 401 ? says.saysSignedOut : `${says.saysLocal}. ${answer.error?.detail ?? ""}`);
      }
    } catch {
      warn(says.saysOffline);
    }
    sending = false;
    if (dirty) soon();
  };

  const soon = () => {
    clearTimeout(sendTimer);
    sendTimer = setTimeout(send, SEND_AFTER);
  };

  for (const field of [title, text, excerpt]) {
    field?.addEventListener("input", () => {
      dirty = true;
      clearTimeout(keepTimer);
      keepTimer = setTimeout(() => keep(), KEEP_AFTER);
      soon();
    });
  }
  // Whoever leaves the page, or turns to another app on a phone, may not come back.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && dirty) {
      keep();
      send();
    }
  });
  window.addEventListener("online", send);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget) return;
    clearTimeout(keepTimer);
    clearTimeout(sendTimer);
    keep({ sent: true });
  });

  // Whether a new post that was sent from here is in the list: nobody told this page how that ended.
  const arrived = async (name) => {
    try {
      const list = await (await fetch(`${form.dataset.list}?q=${encodeURIComponent(name)}`)).text();
      const titles = new DOMParser().parseFromString(list, "text/html").querySelectorAll(".desk-item__title");
      return [...titles].some((found) => found.textContent.trim() === name.trim());
    } catch {
      return false;
    }
  };

  // What is left in this browser is what never reached the server. A page that shows the very same has it.
  const offer = async () => {
    const copy = kept();
    if (!copy) return;
    if (copy.sent && !form.dataset.post && (await arrived(copy.title))) return drop();
    if (copy.title === title.value && copy.body === text.value && copy.excerpt === (excerpt?.value ?? "")) return drop();
    const time = local.querySelector("time");
    time.dateTime = new Date(copy.at).toISOString();
    const style = { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" };
    time.textContent = new Date(copy.at).toLocaleString(document.documentElement.lang, style);
    local.hidden = false;
    local.querySelector("[data-local-take]").addEventListener("click", () => {
      title.value = copy.title;
      text.value = copy.body;
      if (excerpt) excerpt.value = copy.excerpt;
      // Built upon an older version, it is a conflict to be solved and overwrites nothing.
      if (form.dataset.post && copy.version) form.elements.version.value = copy.version;
      local.hidden = true;
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.focus();
    });
    local.querySelector("[data-local-drop]").addEventListener("click", () => {
      drop();
      local.hidden = true;
      text.focus();
    });
  };
  offer();

  const beat = async () => {
    if (!form.dataset.post || document.visibilityState === "hidden") return;
    try {
      const { response, answer } = await post(`/posts/${form.dataset.post}/presence`, {});
      if (!response.ok) return;
      others.hidden = !answer.told;
      if (others.textContent !== answer.told) others.textContent = answer.told;
      if (answer.version > Number(form.elements.version.value) && !isSent()) warn(says.saysNewer);
    } catch {
      // The next beat tries again.
    }
  };
  setInterval(beat, BEAT);
  beat();
  window.addEventListener("pagehide", () => {
    if (form.dataset.post) navigator.sendBeacon(`/posts/${form.dataset.post}/presence/deletion`);
  });
})();
