// Nobody chose a zone: begin with the visitor's own. Loaded in the head, so that another does not flash up first.
(() => {
  const { parameter, rest = "" } = document.currentScript.dataset;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  // Browsers that do not know answer with a zone such as UTC or Etc/Unknown.
  if (!zone?.includes("/") || zone.startsWith("Etc/")) return;
  const address = new URL(location.href);
  const others = rest.split(",").filter((name) => name && name !== zone);
  address.searchParams.set(parameter, [zone, ...others].join(","));
  location.replace(address);
})();
