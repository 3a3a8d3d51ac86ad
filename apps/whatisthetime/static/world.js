// Cities glide to their new places when the page comes back in another order, where the browser can animate that.
(() => {
  for (const city of document.querySelectorAll("[data-zone]")) {
    city.style.viewTransitionName = `city-${city.dataset.zone.replace(/[^\w-]/g, (sign) => `_${sign.charCodeAt(0)}`)}`;
  }

  // Only the browser knows the visitor's zone; the server puts its spelling right.
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const link = document.querySelector("[data-own-first]");
  const field = document.querySelector("input[name=zones]");
  if (!link || !own?.includes("/") || own.startsWith("Etc/") || field.value.split(",").includes(own)) return;
  const address = new URL(link.href);
  address.searchParams.set("zones", [own, field.value].filter(Boolean).join(","));
  link.href = address;
  link.hidden = false;
})();
