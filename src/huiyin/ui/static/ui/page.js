// Small manners of every page: menus close, the chosen tab is in sight, drafts survive a reload, files show their names, forms are not sent twice.

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.hy-menu[open]")) {
    if (!menu.contains(event.target) || event.target.closest(".hy-menu-item")) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.hy-menu");
  if (!menu) return;
  const items = [...menu.querySelectorAll(".hy-menu-item")];
  if (event.key === "Escape" && menu.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    menu.open = true;
    const at = items.indexOf(document.activeElement);
    items[(at + (event.key === "ArrowDown" ? 1 : items.length - (at < 0 ? 0 : 1)) + items.length) % items.length]?.focus();
  }
});

// A plain form is sent once; the button says so until the answer is there.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.target) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, 4000);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// data-autosubmit: filters apply as soon as they change.
document.addEventListener("change", (event) => event.target.closest("form[data-autosubmit]")?.requestSubmit());

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard?.writeText(button.dataset.copy);
  document.dispatchEvent(new CustomEvent("toast", { detail: { text: "已复制", kind: "success" } }));
});

// On a phone a long form begins folded; without scripts it stands open.
if (matchMedia("(max-width: 767px)").matches) for (const part of document.querySelectorAll("details[data-fold]")) part.open = false;

// Tabs that do not all fit: the chosen one is brought into sight once, and the edges say where there are more.
const placed = new WeakSet();
function tell(tabs) {
  const over = tabs.scrollWidth - tabs.clientWidth;
  const scrolls = over > 1 && getComputedStyle(tabs).overflowX !== "visible";
  tabs.toggleAttribute("data-more-before", scrolls && tabs.scrollLeft > 1);
  tabs.toggleAttribute("data-more-after", scrolls && tabs.scrollLeft < over - 1);
}
function placeTabs() {
  for (const tabs of document.querySelectorAll(".hy-tabs")) {
    const chosen = tabs.querySelector('[aria-current], [aria-selected="true"]');
    if (chosen && !placed.has(tabs)) {
      const [around, tab] = [tabs.getBoundingClientRect(), chosen.getBoundingClientRect()];
      if (tab.left < around.left || tab.right > around.right) tabs.scrollLeft += (tab.left + tab.right - around.left - around.right) / 2;
    }
    placed.add(tabs);
    tell(tabs);
  }
}
placeTabs();
document.addEventListener("htmx:afterSettle", placeTabs);
window.addEventListener("resize", placeTabs);
document.addEventListener("scroll", (event) => { if (event.target.classList?.contains("hy-tabs")) tell(event.target); }, true);
