// Files that are chosen or dropped are uploaded one after another, each with its progress. Without this script the form
// sends them all at once, and everything else works as it is.
(() => {
  const form = document.querySelector("[data-uploads]");
  if (form) uploads(form);
  document.querySelectorAll("[data-copy]").forEach(copying);

  function uploads(form) {
    const field = form.querySelector("input[type=file]");
    const list = form.querySelector("[data-list]");
    const status = form.querySelector("[data-status]");
    const drop = form.querySelector("[data-drop]");
    let queue = Promise.resolve();
    let waiting = 0;
    let failed = 0;

    const row = (file) => {
      const item = document.createElement("li");
      const name = document.createElement("span");
      const bar = document.createElement("progress");
      const said = document.createElement("span");
      name.textContent = file.name;
      bar.max = 1;
      bar.value = 0;
      bar.setAttribute("aria-label", file.name);
      said.textContent = form.dataset.waiting;
      item.append(name, bar, said);
      list.append(item);
      list.hidden = false;
      return { item, name, bar, said };
    };

    const send = (file, { item, name, bar, said }) => new Promise((done) => {
      const body = new FormData();
      body.append("file", file);
      const request = new XMLHttpRequest();
      request.responseType = "json";
      request.upload.onprogress = (event) => {
        if (!event.lengthComputable) return;
        bar.value = event.loaded / event.total;
        said.textContent = `${Math.floor((100 * event.loaded) / event.total)} %`;
      };
      request.onloadend = () => {
        const kept = request.status === 201;
        item.dataset.state = kept ? "kept" : "failed";
        bar.value = kept ? 1 : 0;
        said.textContent = kept ? form.dataset.kept : request.response?.error?.detail ?? form.dataset.failed;
        if (!kept) failed += 1;
        if (kept) name.replaceChildren(link(`${form.action}/${request.response.id}`, file.name));
        done();
      };
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.send(body);
    });

    const take = (files) => {
      for (const file of files) {
        const shown = row(file);
        waiting += 1;
        queue = queue.then(() => send(file, shown)).then(finish);
      }
      field.value = "";
    };

    const finish = () => {
      waiting -= 1;
      if (waiting > 0) return;
      status.replaceChildren(failed ? "" : `${form.dataset.finished} `, link(location.pathname + location.search, form.dataset.show));
      failed = 0;
    };

    const link = (href, text) => Object.assign(document.createElement("a"), { href, textContent: text });

    drop.hidden = false;
    form.addEventListener("submit", (event) => {
      if (field.files.length === 0) return;
      event.preventDefault();
      take([...field.files]);
    });
    form.addEventListener("dragover", (event) => {
      if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
      event.preventDefault();
      form.setAttribute("data-dropping", "");
    });
    form.addEventListener("dragleave", () => form.removeAttribute("data-dropping"));
    form.addEventListener("drop", (event) => {
      form.removeAttribute("data-dropping");
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      take(files);
    });
    window.addEventListener("beforeunload", (event) => {
      if (waiting > 0) event.preventDefault();
    });
  }

  function copying(button) {
    const field = document.getElementById(button.dataset.copy);
    const text = button.firstChild;
    const before = text.data;
    button.hidden = false;
    button.addEventListener("click", async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        // Where there is no HTTPS, browsers offer only the old way.
        document.execCommand("copy");
      }
      text.data = button.dataset.copied;
      setTimeout(() => (text.data = before), 2000);
    });
  }
})();
