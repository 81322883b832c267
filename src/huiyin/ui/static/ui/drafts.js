// <form data-draft="key">: what was typed survives a reload of this tab (sessionStorage, never longer, never on other tabs).
// The draft goes when the next page shows that the form was taken, when the server says HX-Trigger "draft:clear", and at
// sign-out. If the session had ended and the sign-in page came instead, it is kept and comes back after signing in.

const PREFIX = "huiyin.draft.";
const keyOf = (form) => PREFIX + form.dataset.draft;

function save(form) {
  const fields = [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string" && value);
  const labels = [...form.querySelectorAll("hy-combobox")].map((box) => [box.hidden_?.name, box.chosen]).filter(([, chosen]) => chosen);
  if (fields.length) sessionStorage.setItem(keyOf(form), JSON.stringify({ fields, labels }));
  else sessionStorage.removeItem(keyOf(form));
}

function restore(form) {
  const stored = sessionStorage.getItem(keyOf(form));
  if (!stored || form.querySelector('[aria-invalid="true"]')) return;
  const { fields, labels } = JSON.parse(stored);
  const boxes = [...form.querySelectorAll("hy-combobox")];
  for (const element of form.elements) {
    const values = fields.filter(([name]) => name === element.name).map(([, value]) => value);
    if (!values.length || element.type === "file" || boxes.some((box) => box.contains(element))) continue;
    if (element.type === "checkbox" || element.type === "radio") element.checked = values.includes(element.value);
    else if (element.type !== "hidden") element.value = values[0];
  }
  for (const [name, chosen] of labels) boxes.find((box) => box.hidden_?.name === name)?.choose(chosen);
  form.dispatchEvent(new CustomEvent("draft:restored", { bubbles: true }));
}

let timer;
const onEdit = (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (!form) return;
  clearTimeout(timer);
  timer = setTimeout(() => save(form), 250);
};
document.addEventListener("input", onEdit);
document.addEventListener("change", onEdit);
document.addEventListener("submit", (event) => {
  clearTimeout(timer);
  if (event.target.matches("form[data-sign-out]")) Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => sessionStorage.removeItem(key));
  else if (event.target.matches("form[data-draft]") && !event.defaultPrevented) markSent(event.target);
});
document.addEventListener("draft:clear", () => {
  clearTimeout(timer);
  document.querySelectorAll("form[data-draft]").forEach((form) => sessionStorage.removeItem(keyOf(form)));
});

function markSent(form) {
  save(form);
  const stored = sessionStorage.getItem(keyOf(form));
  if (stored) sessionStorage.setItem(keyOf(form), JSON.stringify({ ...JSON.parse(stored), sent: true }));
}

for (const key of Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX))) {
  const draft = JSON.parse(sessionStorage.getItem(key));
  if (!draft.sent) continue;
  if (document.body.classList.contains("hy-entrance")) sessionStorage.setItem(key, JSON.stringify({ ...draft, sent: false }));
  else sessionStorage.removeItem(key);
}
document.querySelectorAll("form[data-draft]").forEach(restore);
