// Lists by keyboard: inside [data-rows], j and k walk the [data-row] elements, Enter opens, x ticks.
// A row keeps its place when htmx replaces the list, as long as its data-row value is still there.
// [data-check-all] ticks all; [data-bulk] shows itself, and the number in [data-bulk-count], while something is ticked.

let current = null;

const isTyping = (target) => target.closest?.('input:not([type="checkbox"]):not([type="radio"]), textarea, select, [contenteditable="true"]');
const rowsOf = (list) => [...list.querySelectorAll("[data-row]")].filter((row) => row.getClientRects().length);

function listInUse() {
  return document.activeElement?.closest?.("[data-rows]") ?? document.querySelector("[data-row].is-current")?.closest("[data-rows]") ?? document.querySelector("[data-rows]");
}

function mark(row, { focus = true } = {}) {
  document.querySelectorAll("[data-row].is-current").forEach((other) => {
    other.classList.remove("is-current");
    other.removeAttribute("tabindex");
  });
  row.classList.add("is-current");
  row.tabIndex = 0;
  current = row.dataset.row;
  if (focus) {
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }
  row.dispatchEvent(new CustomEvent("row:current", { bubbles: true, detail: { row: current } }));
}

function step(list, by) {
  const rows = rowsOf(list);
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.classList.contains("is-current"));
  mark(rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by))]);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const list = listInUse();
  if (!list) return;
  const key = event.key === "Process" ? event.code.replace("Key", "").toLowerCase() : event.key;
  const row = list.querySelector("[data-row].is-current");
  if (key === "j" || key === "k") step(list, key === "j" ? 1 : -1);
  else if (key === "Enter" && row && document.activeElement === row) (row.querySelector("[data-open]") ?? row.querySelector("a[href]"))?.click();
  else if (key === "x" && row) row.querySelector('input[type="checkbox"]')?.click();
  else return;
  event.preventDefault();
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-rows] [data-row]");
  if (row && !row.classList.contains("is-current")) mark(row, { focus: false });
});

// A click on the free part of a row opens it, unless text is being selected.
document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-rows] [data-row]");
  if (!row || event.target.closest("a, button, input, label, select, summary") || String(getSelection())) return;
  const link = row.querySelector("[data-open]");
  if (link) link.click();
  else mark(row, { focus: false });
});

document.addEventListener("htmx:afterSettle", () => {
  if (!current || document.querySelector("[data-row].is-current")) return;
  const row = document.querySelector(`[data-rows] [data-row="${CSS.escape(current)}"]`);
  if (row) mark(row, { focus: document.activeElement === document.body });
});

function showBulk() {
  const ticked = document.querySelectorAll('[data-rows] [data-row] input[type="checkbox"]:checked').length;
  document.querySelectorAll("[data-bulk]").forEach((bar) => { bar.hidden = !ticked; });
  document.querySelectorAll("[data-bulk-count]").forEach((place) => { place.textContent = ticked; });
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-check-all]")) {
    const list = document.querySelector(event.target.dataset.checkAll || "[data-rows]");
    rowsOf(list).forEach((row) => row.querySelectorAll('input[type="checkbox"]').forEach((box) => { box.checked = event.target.checked; }));
  }
  if (event.target.matches('input[type="checkbox"]')) showBulk();
});
document.addEventListener("htmx:afterSettle", showBulk);
