// Keeps the page of an import up to date while it goes on. Without this, a reload does.
const progress = document.querySelector("[data-import]");
const EVERY = 1500;

function show(found) {
  progress.querySelector("[data-done]").textContent = found.done;
  progress.querySelector("[data-total]").textContent = found.total;
  progress.querySelector("progress").value = found.done;
  for (const row of document.querySelectorAll("[data-kind]")) {
    const counts = found.counts[row.dataset.kind] || {};
    for (const cell of row.querySelectorAll("[data-outcome]")) {
      cell.textContent = counts[cell.dataset.outcome] || "";
    }
  }
}

async function look() {
  try {
    const answer = await fetch(progress.dataset.import, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const found = await answer.json();
      show(found);
      if (found.finished) {
        // The report is the page's to tell.
        location.reload();
        return;
      }
    }
  } catch {
    // The site may be away for a moment; the next look may find it again.
  }
  setTimeout(look, EVERY);
}

if (progress && progress.dataset.import) {
  setTimeout(look, EVERY);
}
