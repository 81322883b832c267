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

// What somebody has entered, chosen or had shown to him in the pane is not taken from under his hands.
let touched = false;
let own = false; // the list is renewed because of one's own decision
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    if (pane()?.contains(event.target)) touched = true;
  });
}
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target === pane()) touched = false;
  else if (pane()?.contains(event.target)) touched ||= ["click", "submit"].includes(event.detail.requestConfig?.triggeringEvent?.type);
});
document.addEventListener("case:changed", () => {
  own = true;
  touched = false;
});

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
  const mine = own;
  own = false;
  if (shown?.hasAttribute("data-keep") || rows.some((row) => row.dataset.row === shown?.dataset.case)) return;
  if (shown && touched && !mine) return tell(shown);
  if (shown && !mine && rows.length && WIDE.matches) {
    pause();
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: "刚才那件已由他人办理，已打开下一件", kind: "info" } }));
  }
  next(rows, shown);
});

function next(rows, shown) {
  if (rows.length && WIDE.matches) rows[Math.min(place, rows.length - 1)].querySelector("[data-open]").click();
  else if (shown) pane().replaceChildren(...(hint ? [hint.cloneNode(true)] : []));
}

// Another settled what is open here: it stays, with what was written, until its reader goes on.
function tell(shown) {
  if (pane().querySelector(".wl-gone")) return;
  const note = Object.assign(document.createElement("div"), { className: "hy-note wl-gone" });
  note.dataset.tone = "amber";
  note.setAttribute("role", "alert");
  const words = Object.assign(document.createElement("span"), { textContent: "这件已由他人办理，刚填的没有提交。" });
  const on = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-secondary", textContent: "看下一件" });
  on.addEventListener("click", () => {
    touched = false;
    note.remove();
    next([...document.querySelectorAll(".wl-rows [data-row]")], shown);
  });
  note.append(words, on);
  pane().prepend(note);
}

// A key that was meant for the case before must not decide the one that has just taken its place.
let paused = 0;
function pause() {
  paused = performance.now() + 700;
}
document.addEventListener("keydown", (event) => {
  if (performance.now() < paused && !event.target.closest("dialog")) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, { capture: true });

// Where in the list the open case stood, so that its successor is the one that took its place.
let place = 0;
document.addEventListener("htmx:beforeRequest", () => {
  const shown = pane()?.querySelector("[data-case]")?.dataset.case;
  const at = [...document.querySelectorAll(".wl-rows [data-row]")].findIndex((row) => row.dataset.row === shown);
  if (at >= 0) place = at;
});

document.addEventListener("DOMContentLoaded", () => open(document.querySelector(".wl-rows [data-row]")));
if (document.readyState !== "loading") open(document.querySelector(".wl-rows [data-row]"));
