// Nobody chose a zone: show the visitor's own. Loaded in the head, so that UTC does not flash up first.
(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  // Browsers that do not know answer with a zone such as UTC or Etc/Unknown.
  if (!zone?.includes("/") || zone.startsWith("Etc/")) return;
  const lang = new URLSearchParams(location.search).get("lang");
  location.replace(`/?zone=${zone}${lang ? `&lang=${encodeURIComponent(lang)}` : ""}`);
})();
