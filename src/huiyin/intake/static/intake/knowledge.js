// Looks in the knowledge base while somebody types; one key answers with the best entry, one key notes that there is none.

const form = document.getElementById("matter");
const pane = document.getElementById("knowledge");
const found = document.getElementById("knowledge-found");
const WAIT_MS = 300;
const quiet = found.innerHTML;
let timer = 0;
let asking = null;
let last = "";

const toast = (text, kind) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind } }));
const headers = { "HX-Request": "true" };
const mark = () => [form.elements.content.value, form.elements.title.value, form.elements.place.value].join("\n");

async function ask() {
  const now = mark();
  if (now === last) return;
  last = now;
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(pane.dataset.ask, { method: "POST", body: new FormData(form), signal: asking.signal, headers });
    if (!answer.ok) { last = ""; return; }
    const focused = found.contains(document.activeElement) ? document.activeElement.dataset.hotkey : null;
    found.innerHTML = await answer.text();
    if (focused) found.querySelector(`[data-hotkey="${CSS.escape(focused)}"]`)?.focus();
  } catch (error) {
    if (error.name !== "AbortError") last = "";
  }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT_MS);
}

function quote({ quote: reference, text }) {
  form.elements.quoted.value = reference;
  const radio = form.querySelector('input[name="settling"][value="direct_answer"]');
  radio.checked = true;
  form.elements.answer.value = text;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  form.elements.answer.dispatchEvent(new Event("input", { bubbles: true }));
}

async function noteGap(button) {
  button.disabled = true;
  try {
    const answer = await fetch(pane.dataset.gap, { method: "POST", body: new FormData(form), headers });
    if (answer.ok) button.outerHTML = await answer.text();
    else toast("没有记下，请先写下对方问的是什么。", "warning");
  } catch {
    toast("网络不通，没有记下。", "error");
  }
  button.disabled = false;
}

form.addEventListener("matter:change", later);
form.addEventListener("matter:fill", later);
form.addEventListener("matter:fresh", () => {
  clearTimeout(timer);
  asking?.abort();
  last = mark();
  form.elements.quoted.value = "";
  found.innerHTML = quiet;
});
// An answer that was emptied, or a matter settled otherwise, quotes nothing any more.
form.addEventListener("change", (event) => {
  if (event.target.name === "settling" && event.target.value !== "direct_answer") form.elements.quoted.value = "";
});
form.addEventListener("input", (event) => {
  if (event.target.name === "answer" && !event.target.value.trim()) form.elements.quoted.value = "";
});
pane.addEventListener("click", (event) => {
  const button = event.target.closest("[data-quote], button[data-gap]");
  if (!button) return;
  if (button.dataset.quote) quote(button.dataset);
  else noteGap(button);
});

if (form.elements.content.value.trim()) ask();
else last = mark();
