// Dialogs. <a href data-dialog> loads its page into the shared dialog (a plain page without scripts); a form inside posts there and
// stays on errors (422). <button data-dialog-open="id"> opens a dialog of the page. hx-confirm and data-confirm ask in our own words.

const shared = () => document.getElementById("dialog");
const body = () => document.getElementById("dialog-body");
let opener = null;

function open(dialog) {
  if (!dialog.open) {
    opener = document.activeElement;
    dialog.showModal();
  }
  (dialog.querySelector("[autofocus]") ?? dialog.querySelector('[aria-invalid="true"]') ?? dialog.querySelector('.hy-dialog-body :is(input:not([type="hidden"]), select, textarea)'))?.focus();
}

function load(link) {
  const href = link.getAttribute("href") ?? link.dataset.href;
  window.htmx.ajax("GET", href, { source: link, target: "#dialog-body", swap: "innerHTML" });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-dialog]");
  if (link && !event.ctrlKey && !event.metaKey && shared() && window.htmx) {
    event.preventDefault();
    return load(link);
  }
  const trigger = event.target.closest("[data-dialog-open]");
  if (trigger) return open(document.getElementById(trigger.dataset.dialogOpen));
  const closer = event.target.closest("[data-dialog-close]");
  if (closer && closer.closest("dialog")) {
    event.preventDefault();
    return closer.closest("dialog").close();
  }
  // A press on the dark ground behind closes, unless something was typed.
  if (event.target.matches("dialog.hy-dialog[open]") && !event.target.querySelector("form[data-touched]")) event.target.close();
});

document.addEventListener("input", (event) => event.target.closest("dialog form")?.setAttribute("data-touched", ""));

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.closest("#dialog") || form.method === "dialog" || [...form.attributes].some(({ name }) => name.startsWith("hx-"))) return;
  event.preventDefault();
  const values = event.submitter?.name ? { [event.submitter.name]: event.submitter.value } : {};
  const path = form.getAttribute("action") || form.closest("[data-dialog-url]")?.dataset.dialogUrl;
  window.htmx.ajax(form.method.toUpperCase(), path, { source: form, target: "#dialog-body", swap: "innerHTML", values });
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "dialog-body" && body().childElementCount) open(shared());
});
document.addEventListener("dialog:close", () => shared()?.close());
document.addEventListener("close", (event) => {
  if (event.target.id === "dialog") body().replaceChildren();
  if (opener?.isConnected) opener.focus();
}, true);

// ── questions ───────────────────────────────────────────────────────
function ask(question, { danger = false, verb = "确定" } = {}) {
  const dialog = document.getElementById("confirm");
  const yes = dialog.querySelector("[data-yes]");
  dialog.querySelector("[data-question]").textContent = question;
  yes.textContent = verb;
  yes.className = danger ? "btn btn-danger" : "btn btn-primary";
  dialog.returnValue = "";
  dialog.showModal();
  yes.focus();
  return new Promise((settle) => dialog.addEventListener("close", () => settle(dialog.returnValue === "yes"), { once: true }));
}

const manner = (element) => ({ danger: element.classList.contains("btn-danger") || "danger" in element.dataset, verb: element.dataset.confirmVerb });

document.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  if (await ask(event.detail.question, manner(event.detail.elt))) event.detail.issueRequest(true);
});

document.addEventListener("click", async (event) => {
  const element = event.target.closest("button[data-confirm], a[data-confirm]");
  if (!element || element.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!(await ask(element.dataset.confirm, manner(element)))) return;
  element.dataset.confirmed = "yes";
  element.click();
  delete element.dataset.confirmed;
}, true);
