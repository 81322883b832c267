// A worklist: moving to a row opens it beside the list; once it is dealt with, the next in line opens by itself.

// On a narrow window there is no beside: each case is a page of its own.

const WIDE = matchMedia("(min-width: 992px)");
const pane = () => document.getElementById("worklist-pane");
let waiting = 0;
// What the pane says before anything is opened; shown again when the list has run empty.
const hint = document.querySelector("#worklist-pane > .hy-empty")?.cloneNode(true);

function open(row) {
  const link = row?.querySelector("[data-open]");
  if (!link || !pane() || !WIDE.matches) return;
  if (pane().querySelector("[data-case]")?.dataset.case === row.dataset.row) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => window.htmx.ajax("GET", link.getAttribute("hx-get"), { target: "#worklist-pane", swap: "innerHTML" }), 120);
}

document.addEventListener("row:current", (event) => {
  if (event.target.closest(".wl-rows")) open(event.target);
});

document.addEventListener("click", (event) => {
  // Before htmx hears of it, so that the browser follows the link.
  if (!WIDE.matches && event.target.closest(".wl-rows [data-open]")) event.stopImmediatePropagation();
}, { capture: true });

// A dialog settled the case that stands on a page of its own: back to the list.
document.addEventListener("case:changed", () => {
  const back = document.querySelector("[data-worklist]");
  if (back) window.location.assign(back.dataset.worklist);
});

// After a decision the list is renewed: what was decided is gone, so the next case in line opens by itself.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "worklist") return;
  const shown = pane()?.querySelector("[data-case]");
  const rows = [...document.querySelectorAll(".wl-rows [data-row]")];
  // [data-keep]: what is shown has left the list, but something is still to be decided on it.
  if (shown?.hasAttribute("data-keep") || rows.some((row) => row.dataset.row === shown?.dataset.case)) return;
  if (rows.length && WIDE.matches) rows[Math.min(place, rows.length - 1)].querySelector("[data-open]").click();
  else if (shown) pane().replaceChildren(...(hint ? [hint.cloneNode(true)] : []));
});

// Where in the list the open case stood, so that its successor is the one that took its place.
let place = 0;
document.addEventListener("htmx:beforeRequest", () => {
  const shown = pane()?.querySelector("[data-case]")?.dataset.case;
  const at = [...document.querySelectorAll(".wl-rows [data-row]")].findIndex((row) => row.dataset.row === shown);
  if (at >= 0) place = at;
});

document.addEventListener("DOMContentLoaded", () => open(document.querySelector(".wl-rows [data-row]")));
if (document.readyState !== "loading") open(document.querySelector(".wl-rows [data-row]"));
