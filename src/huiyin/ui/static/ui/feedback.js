// What the page says back: toasts (from the server by HX-Trigger {"toast": {"text", "kind"}} or from pages by a "toast" event),
// the busy line at the top, and plain words when a request fails.

const SHOWN_MS = { success: 4500, info: 5000, warning: 8000, error: 12000 };
const ICONS = { success: "circle-check", info: "info-circle", warning: "alert-triangle", error: "alert-circle" };
const FAILURES = {
  0: "网络不通，操作没有送达，请检查连接后再试。",
  403: "您的岗位无权做这项操作。",
  404: "要找的内容不存在或已被移走。",
  409: "情况已有变化，请刷新后再操作。",
  413: "文件太大，请压缩后再上传。",
  429: "操作过于频繁，请稍候片刻。",
  500: "系统出错，操作未完成，请稍后再试；多次出现请联系管理员。",
};

function icon(name) {
  const sprite = document.querySelector('meta[name="icon-sprite"]').content;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "hy-icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS("http://www.w3.org/2000/svg", "use"));
  svg.firstChild.setAttribute("href", `${sprite}#${name}`);
  return svg;
}

function show({ text, kind = "info", href, link }) {
  const area = document.getElementById(kind === "error" ? "alerts" : "toasts");
  if (!area || !text) return;
  const toast = Object.assign(document.createElement("div"), { className: "hy-toast" });
  toast.dataset.kind = kind;
  const words = Object.assign(document.createElement("span"), { textContent: text });
  if (href) words.append(" ", Object.assign(document.createElement("a"), { href, textContent: link ?? "查看" }));
  const close = Object.assign(document.createElement("button"), { type: "button" });
  close.setAttribute("aria-label", "关闭提示");
  close.append(icon("x"));
  close.addEventListener("click", () => toast.remove());
  toast.append(icon(ICONS[kind] ?? ICONS.info), words, close);
  area.append(toast);
  while (area.childElementCount > 4) area.firstElementChild.remove();
  fade(toast, SHOWN_MS[kind] ?? SHOWN_MS.info);
}

// Stays while the pointer or the focus is on it.
function fade(toast, wait) {
  let timer = setTimeout(() => toast.remove(), wait);
  for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, () => clearTimeout(timer));
  for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, () => { timer = setTimeout(() => toast.remove(), wait); });
}

document.addEventListener("toast", (event) => {
  const detail = event.detail?.value ?? event.detail;
  show(typeof detail === "string" ? { text: detail } : detail);
});

let running = 0;
const busy = () => document.querySelector(".hy-busy")?.classList.toggle("is-on", running > 0);
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.closest("[data-quiet]")) return;
  event.detail.xhr.huiyinBusy = true;
  running += 1;
  busy();
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.xhr.huiyinBusy) return;
  running = Math.max(0, running - 1);
  busy();
});

document.addEventListener("htmx:sendError", () => show({ text: FAILURES[0], kind: "error" }));
document.addEventListener("htmx:timeout", () => show({ text: FAILURES[0], kind: "error" }));
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if ((event.detail.xhr.getResponseHeader("HX-Trigger") ?? "").includes('"toast"')) return;
  show({ text: FAILURES[status] ?? FAILURES[500], kind: "error" });
});

for (const toast of document.querySelectorAll(".hy-toasts .hy-toast")) {
  toast.querySelector("button")?.addEventListener("click", () => toast.remove());
  if (toast.dataset.kind !== "error") fade(toast, 2 * (SHOWN_MS[toast.dataset.kind] ?? SHOWN_MS.info));
}
