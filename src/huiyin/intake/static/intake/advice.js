// Asks for advice while somebody types and shows it; each piece is taken or refused by its button or key.

const form = document.getElementById("matter");
const pane = document.getElementById("advice");
const WAIT_MS = 250;
const ASKED = ["content", "title", "address", "place", "class_code", "request_type"];
let timer = 0;
let asking = null;
let last = "";

function state() {
  const data = new FormData(form);
  const parts = ASKED.map((name) => (String(data.get("by_machine")).split(",").includes(name) ? "" : data.get(name)));
  return { data, mark: JSON.stringify([...parts, data.get("left_empty")]) };
}

async function ask() {
  const { data, mark } = state();
  if (mark === last) return;
  last = mark;
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(form.dataset.advice, { method: "POST", body: data, signal: asking.signal, headers: { "HX-Request": "true" } });
    if (!answer.ok) { last = ""; return; }
    show(await answer.text());
  } catch (error) {
    if (error.name !== "AbortError") last = ""; // asked again with the next key; typing goes on without advice
  }
}

function show(html) {
  const focused = pane.contains(document.activeElement) ? document.activeElement.dataset.hotkey : null;
  pane.innerHTML = html;
  if (focused) pane.querySelector(`[data-hotkey="${CSS.escape(focused)}"]`)?.focus();
  const held = document.getElementById("advice-fill");
  const automatic = pane.querySelector(".in-advice")?.dataset.automatic;
  form.dispatchEvent(new CustomEvent("matter:advice", { detail: { automatic: automatic === "yes", known: Boolean(automatic) } }));
  const nothing = { class_code: null, place: null, grade: null, request_type: null };
  form.dispatchEvent(new CustomEvent("matter:fill", { detail: held ? JSON.parse(held.textContent) : nothing }));
}

form.addEventListener("matter:change", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT_MS);
});
form.addEventListener("matter:fresh", () => {
  clearTimeout(timer);
  asking?.abort();
  last = state().mark;
  pane.replaceChildren(document.getElementById("advice-hint").content.cloneNode(true));
});

pane.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take], [data-refuse]");
  if (!button) return;
  const { take, refuse, id, label } = button.dataset;
  form.dispatchEvent(new CustomEvent(take ? "matter:take" : "matter:refuse", { detail: { name: take ?? refuse, id, label } }));
});

if (form.elements.content.value.trim()) ask();
else last = state().mark;
