// The case pages: phrases fill a field, files go up as they are chosen, a case opens beside the list, forms keep what was typed.

const WIDE = matchMedia("(min-width: 992px)");
const panel = () => document.getElementById("case-panel");
const sheet = () => document.getElementById("case-sheet");
const place = () => document.getElementById("case-form");

// ── phrases ─────────────────────────────────────────────────────────
document.addEventListener("click", (event) => {
  const phrase = event.target.closest("[data-phrase-for]");
  if (!phrase) return;
  const field = document.getElementById(phrase.dataset.phraseFor);
  const words = phrase.textContent.trim();
  for (const pair of phrase.dataset.sets?.split(" ") ?? []) answer(field.form, ...pair.split("="));
  if (field.value.includes(words)) return field.focus();
  field.value = field.value.trim() ? `${field.value.trim()}${/[。；！？]$/.test(field.value.trim()) ? "" : "；"}${words}` : words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

// What the words say is chosen with them: who pressed "nobody answered" has not reached anybody.
function answer(form, name, value) {
  const one = form.querySelector(`input[name="${name}"][value="${value}"]`);
  if (one) return one.click();
  const list = form.querySelector(`select[name="${name}"]`);
  if (!list) return;
  list.value = value;
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

// ── the form of an action ───────────────────────────────────────────
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "case-form") return;
  const form = place()?.querySelector("form");
  if (!form) return;
  const first = form.querySelector('[aria-invalid="true"]') ?? form.querySelector('textarea, select, [role="combobox"], input:not([type="hidden"]):not([type="file"])');
  first?.focus({ preventScroll: true });
  form.closest(".case-form").scrollIntoView({ block: "nearest" });
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target?.id === "case-form") event.detail.target.dataset.coming = "yes";
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.target?.id === "case-form") delete event.detail.target.dataset.coming;
});
document.addEventListener("input", (event) => event.target.closest("[data-action-form]")?.setAttribute("data-touched", ""));
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-form-close]")) place()?.replaceChildren();
  if (event.target.closest("[data-panel-close]")) closePanel();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (place()?.childElementCount) {
    if (!place().querySelector("[data-touched]")) place().replaceChildren();
  } else if (panel()?.contains(sheet())) closePanel();
});
// A case that others moved must not wipe a form that somebody is filling in; the submit will tell what changed.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.detail.elt.matches?.('[hx-select="#case-sheet"]') || !place()?.childElementCount) return;
  event.preventDefault();
  document.dispatchEvent(new CustomEvent("toast", { detail: { text: "案件刚有新的变化，您填写的内容不受影响。", kind: "info" } }));
});

// ── a case beside the list ──────────────────────────────────────────
function markOpen() {
  const open = panel()?.querySelector("#case-sheet")?.dataset.case;
  document.querySelectorAll("[data-row].is-open").forEach((row) => row.classList.remove("is-open"));
  const row = open && document.querySelector(`[data-row="${open}"]`);
  row?.classList.add("is-open");
  // The keys now belong to the open case: its own buttons know more than the row's.
  row?.querySelectorAll("[data-hotkey]").forEach((button) => button.removeAttribute("data-hotkey"));
  return row;
}

function closePanel() {
  const empty = panel()?.dataset.empty;
  if (empty === undefined) return;
  panel().innerHTML = empty;
  markOpen();
  document.querySelector("[data-row].is-current")?.focus();
}

let asked = ""; // what the panel shows or is about to show: case and step

async function openBeside(link) {
  const pane = panel();
  const row = link.closest("[data-row]");
  asked = `${row.dataset.row}/${row.dataset.seq}`;
  pane.dataset.empty ??= pane.innerHTML;
  await window.htmx.ajax("GET", link.dataset.panel, { source: link, target: pane, swap: "innerHTML settle:0ms" });
  pane.scrollTop = 0;
  markOpen();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-panel]");
  if (!link || !panel() || !WIDE.matches || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  openBeside(link);
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "desk-list") return;
  const row = markOpen();
  // The list knows of a later step than the panel shows: show it too, unless a form is open or on its way.
  const stale = row && Number(row.dataset.seq) > Number(sheet()?.dataset.seq) && asked !== `${row.dataset.row}/${row.dataset.seq}`;
  if (stale && !place()?.childElementCount && !place()?.dataset.coming) openBeside(row.querySelector("a[data-panel]"));
});

// ── previews ────────────────────────────────────────────────────────
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-preview]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const dialog = document.createElement("dialog");
  dialog.className = "case-preview";
  dialog.setAttribute("aria-label", link.dataset.preview);
  const image = Object.assign(document.createElement("img"), { src: link.href, alt: link.dataset.preview });
  const close = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-secondary", textContent: "关闭" });
  dialog.append(image, close);
  document.body.append(dialog);
  dialog.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
  dialog.showModal();
});

// ── <hy-upload>: each file goes up at once; what the server gave is kept in hidden inputs ──
class Upload extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector('input[type="file"]');
    this.tiles = this.querySelector("[data-tiles]");
    this.input.addEventListener("change", () => { this.take([...this.input.files]); this.input.value = ""; });
    this.addEventListener("dragover", (event) => { event.preventDefault(); this.classList.add("is-over"); });
    this.addEventListener("dragleave", () => this.classList.remove("is-over"));
    this.addEventListener("drop", (event) => { event.preventDefault(); this.classList.remove("is-over"); this.take([...event.dataTransfer.files]); });
    this.addEventListener("click", (event) => this.onRemove(event));
    this.onPaste = (event) => { if (event.clipboardData?.files.length) { event.preventDefault(); this.take([...event.clipboardData.files]); } };
    this.closest("form")?.addEventListener("paste", this.onPaste);
  }

  take(files) {
    const room = Number(this.dataset.most) - this.tiles.childElementCount;
    if (files.length > room) this.say(`一次最多上传${this.dataset.most}个文件。`);
    files.slice(0, Math.max(0, room)).forEach((file) => this.send(file));
  }

  send(file) {
    const tile = this.querySelector("template[data-tile]").content.firstElementChild.cloneNode(true);
    tile.querySelector(".case-tile-name").textContent = file.name;
    this.tiles.append(tile);
    const form = this.closest("form");
    form.dataset.uploading = Number(form.dataset.uploading ?? 0) + 1;
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", file);
    request.open("POST", this.dataset.url);
    request.setRequestHeader("X-CSRFToken", form.querySelector('[name="csrfmiddlewaretoken"]').value);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => { tile.querySelector("progress").value = event.loaded / event.total; });
    request.addEventListener("load", () => (request.status === 201 ? this.keep(tile, request.response) : this.refuse(tile, request.response?.error)));
    request.addEventListener("error", () => this.refuse(tile, "网络不通，文件没有送达，请重新选择。"));
    request.addEventListener("loadend", () => { form.dataset.uploading = Number(form.dataset.uploading) - 1; });
    request.send(body);
  }

  keep(tile, answer) {
    tile.querySelector("progress").remove();
    tile.dataset.remove = answer.remove;
    tile.querySelector(".case-tile-name").textContent = answer.name;
    const value = Object.assign(document.createElement("input"), { type: "hidden", name: this.dataset.name, value: answer.id });
    tile.append(value);
    if (answer.thumbnail) tile.querySelector(".case-tile-icon").replaceWith(Object.assign(document.createElement("img"), { src: answer.thumbnail, alt: "" }));
    value.dispatchEvent(new Event("input", { bubbles: true }));
  }

  refuse(tile, text) {
    tile.remove();
    this.say(text ?? "上传失败，请重试。");
  }

  say(text) {
    document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind: "error" } }));
  }

  onRemove(event) {
    const button = event.target.closest("[data-remove]:not(li)");
    const tile = button?.closest(".case-tile");
    if (!tile) return;
    const token = this.closest("form").querySelector('[name="csrfmiddlewaretoken"]').value;
    if (tile.dataset.remove) fetch(tile.dataset.remove, { method: "POST", headers: { "X-CSRFToken": token } });
    tile.remove();
  }
}
customElements.define("hy-upload", Upload);

// A form waits for its files. (In the capturing phase: before htmx and before the guard against sending twice.)
document.addEventListener("submit", (event) => {
  if (!Number(event.target.dataset.uploading ?? 0)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  document.dispatchEvent(new CustomEvent("toast", { detail: { text: "文件还在上传，请稍候再提交。", kind: "warning" } }));
}, true);
