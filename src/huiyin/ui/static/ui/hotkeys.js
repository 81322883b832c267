// Keys of a page: an element says data-hotkey="g d" (one after the other), "mod+Enter" (Ctrl or Command), "alt+1" or "/".
// A field gets the focus, all else is clicked. "?" opens the list of the keys of this page. Nothing fires while a person types.

const SEQUENCE_MS = 900;
let typed = [];
let lastAt = 0;

const isTyping = (target) => target.closest?.('input:not([type="checkbox"]):not([type="radio"]):not([type="button"]), textarea, select, [contenteditable="true"]');
const isVisible = (element) => element.checkVisibility?.() ?? element.getClientRects().length > 0;
// What lies in a folded menu of the bar is reached as if the menu stood open.
const isShown = (element) => isVisible(element.closest(".hy-menu-panel")?.closest("details").querySelector("summary") ?? element);

function nameOf(event) {
  // A Chinese input method reports "Process" instead of the letter.
  const key = event.key === "Process" ? event.code.replace(/^Key|^Digit/, "").toLowerCase() : event.key;
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("mod");
  if (event.altKey) parts.push("alt");
  if (event.shiftKey && key.length > 1) parts.push("shift");
  parts.push(event.altKey && /^(Key|Digit)/.test(event.code) ? event.code.replace(/^Key|^Digit/, "").toLowerCase() : key.length === 1 && !event.shiftKey ? key.toLowerCase() : key);
  return parts.join("+");
}

function scope() {
  const dialogs = document.querySelectorAll("dialog[open]");
  return dialogs.length ? dialogs[dialogs.length - 1] : document;
}

function find(keys) {
  const found = [...scope().querySelectorAll(`[data-hotkey="${CSS.escape(keys)}"]`)].filter((element) => isShown(element) && !element.disabled);
  const inRow = found.find((element) => element.closest("[data-row].is-current"));
  return inRow ?? found.find((element) => !element.closest("[data-row]"));
}

function fire(element) {
  if (element.matches('input:not([type="checkbox"]):not([type="radio"]):not([type="submit"]), textarea, select')) {
    element.focus();
    element.select?.();
  } else if (element.matches("hy-combobox")) element.querySelector('[role="combobox"]').focus();
  else element.click();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || ["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
  const name = nameOf(event);
  const plain = !/^(mod|alt)\+/.test(name);
  if (plain && isTyping(event.target)) return;
  if (event.timeStamp - lastAt > SEQUENCE_MS) typed = [];
  lastAt = event.timeStamp;
  typed = [...typed.slice(-2), name];
  for (let length = typed.length; length > 0; length -= 1) {
    const element = find(typed.slice(-length).join(" "));
    if (!element) continue;
    typed = [];
    event.preventDefault();
    return fire(element);
  }
  if (name === "?" || name === "shift+?") {
    event.preventDefault();
    showHelp();
  }
});

const SIGNS = { mod: /Mac/.test(navigator.platform) ? "⌘" : "Ctrl", alt: "Alt", shift: "Shift", Enter: "Enter ↵", Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓" };

function keycaps(keys) {
  return keys.split(" ").flatMap((step, index) => {
    const caps = step.split("+").filter(Boolean).map((part) => Object.assign(document.createElement("kbd"), { textContent: SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part) }));
    return [...(index ? [" "] : []), ...caps.flatMap((cap, at) => (at ? [" + ", cap] : [cap]))];
  });
}

function labelOf(element) {
  const own = element.dataset.hotkeyLabel || element.getAttribute("aria-label");
  if (own) return own;
  if (element.labels?.length) return text(element.labels[0]);
  return text(element.querySelector("label") ?? element) || element.title;
}

function text(element) {
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd, svg, .hy-required, .hy-optional, .hy-count").forEach((part) => part.remove());
  return copy.textContent.trim().replace(/\s+/g, " ");
}

function showHelp() {
  const dialog = document.getElementById("keyboard-help");
  if (!dialog || dialog.open) return;
  const groups = new Map();
  const seen = new Set();
  for (const element of document.querySelectorAll("[data-hotkey]")) {
    const keys = element.dataset.hotkey;
    if (seen.has(keys) || (element.closest("dialog") && !element.closest("dialog").open)) continue;
    seen.add(keys);
    const group = element.closest("[data-hotkey-group]")?.dataset.hotkeyGroup ?? "本页";
    groups.set(group, [...(groups.get(group) ?? []), [labelOf(element), keys]]);
  }
  if (document.querySelector("[data-rows]")) {
    groups.set("列表", [["下一行", "j"], ["上一行", "k"], ["打开所在行", "Enter"], ["勾选所在行", "x"]]);
  }
  dialog.querySelector("[data-keys]").replaceChildren(...[...groups].sort(([one]) => (one === "本页" ? -1 : 1)).flatMap(section));
  dialog.showModal();
}

function section([title, rows]) {
  const heading = Object.assign(document.createElement("h3"), { textContent: title });
  const list = Object.assign(document.createElement("dl"), { className: "hy-keys" });
  for (const [label, keys] of rows) {
    const row = document.createElement("div");
    const term = Object.assign(document.createElement("dt"), { textContent: label });
    const caps = document.createElement("dd");
    caps.append(...keycaps(keys));
    row.append(term, caps);
    list.append(row);
  }
  return [heading, list];
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keyboard-help]")) showHelp();
});
