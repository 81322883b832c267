// The console's fields and who filled them: a person's value is never touched, the machine's is marked until the form is sent.
// Listens on the form to "matter:fill" {proposals}, "matter:take" {name, id, label}, "matter:refuse" {name}, "matter:errors" {errors},
// "matter:fresh" {key}; says "matter:change" whenever anything a person or the machine entered has changed.

const form = document.getElementById("matter");
const FILLED = ["requester_name", "class_code", "place", "grade", "request_type"];
const wrap = (name) => form.querySelector(`[data-field="${name}"]`);
const box = (name) => wrap(name)?.querySelector("hy-combobox");
let startedAt = 0;
let spentBefore = Number(form.elements.spent_ms.value) || 0;

const changed = () => form.dispatchEvent(new CustomEvent("matter:change"));
const owner = (name) => wrap(name)?.dataset.owner || "";

function own(name, who) {
  if (wrap(name)) wrap(name).dataset.owner = who;
}

function put(name, value) {
  const combobox = box(name);
  if (combobox) return value ? combobox.choose(value, { silent: true }) : combobox.clear({ silent: true });
  const radios = [...wrap(name).querySelectorAll('input[type="radio"]')];
  if (radios.length) return radios.forEach((radio) => { radio.checked = radio.value === (value?.id ?? value); });
  wrap(name).querySelector("input").value = value ?? "";
}

function holds(name) {
  const combobox = box(name);
  if (combobox) return combobox.value;
  return wrap(name).querySelector('input[type="radio"]:checked, input:not([type="radio"])')?.value ?? "";
}

// ── what the machine proposes ───────────────────────────────────────
form.addEventListener("matter:fill", ({ detail }) => {
  for (const [name, value] of Object.entries(detail)) {
    if (!wrap(name) || !["", "machine"].includes(owner(name))) continue;
    if (wrap(name).contains(document.activeElement) && owner(name) === "" && box(name)?.dirty) continue;
    if (holds(name) !== (value?.id ?? value ?? "")) put(name, value);
    own(name, value ? "machine" : "");
  }
});

form.addEventListener("matter:take", ({ detail: { name, id, label } }) => {
  put(name, box(name) ? { id, label } : id);
  own(name, "person");
  clearError(wrap(name));
  changed();
});

form.addEventListener("matter:refuse", ({ detail: { name } }) => {
  put(name, null);
  own(name, "refused");
  focusIn(wrap(name));
  changed();
});

// ── what a person enters ────────────────────────────────────────────
form.addEventListener("input", (event) => {
  startedAt ||= performance.now();
  const field = event.target.closest("[data-field]");
  if (!field) return;
  clearError(field);
  if (FILLED.includes(field.dataset.field)) own(field.dataset.field, event.target.value ? "person" : "refused");
  if (!event.isComposing) changed();
});
form.addEventListener("compositionend", changed);
form.addEventListener("change", (event) => event.target.matches("select, [type=checkbox]") && changed());

form.addEventListener("combobox:change", ({ target, detail }) => {
  const field = target.closest("[data-field]");
  startedAt ||= performance.now();
  own(field.dataset.field, detail.record || detail.text ? "person" : "refused");
  clearError(field);
  const address = form.elements.address;
  // A named place says more than its street: the unit has to find it.
  if (detail.record?.spot && !address.value.trim()) address.value = detail.record.spot;
  changed();
});

form.addEventListener("formdata", ({ formData }) => {
  const by = (who) => FILLED.filter((name) => owner(name) === who).join(",");
  formData.set("by_machine", by("machine"));
  formData.set("left_empty", by("refused"));
  formData.set("spent_ms", String(Math.round(spentBefore + (startedAt ? performance.now() - startedAt : 0))));
});

// ── keys ────────────────────────────────────────────────────────────
function focusIn(field) {
  (field?.querySelector("[role=combobox], input:checked, textarea") ?? field?.querySelector("input, select"))?.focus();
}

form.addEventListener("click", (event) => {
  const legend = event.target.closest("[data-focus-group]");
  if (legend) focusIn(legend.parentElement);
});

// Enter goes on to the next field: the form is sent by Ctrl+Enter only.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!event.target.matches('input:not([type="submit"]):not([type="button"]), select')) return;
  event.preventDefault();
  const group = event.target.type === "radio" ? event.target.name : null;
  const stops = [...form.querySelectorAll('input:not([type="hidden"]), select, textarea, button[type="submit"]')].filter((stop) => stop.checkVisibility?.() ?? stop.getClientRects().length);
  const rest = stops.slice(stops.indexOf(event.target) + 1).filter((stop) => !(group && stop.name === group));
  (rest.find((stop) => stop.type !== "radio" || stop.checked || !form.querySelector(`input[name="${stop.name}"]:checked`)) ?? rest[0])?.focus();
});

// The page's keys know no Alt+Shift; taken here first, so that Alt+Shift+P refuses what Alt+P accepts.
document.addEventListener("keydown", (event) => {
  if (!event.altKey || !event.shiftKey || !/^(Key|Digit)/.test(event.code)) return;
  const name = `alt+shift+${event.code.replace(/^Key|^Digit/, "").toLowerCase()}`;
  event.preventDefault();
  event.stopImmediatePropagation();
  document.querySelector(`[data-hotkey="${name}"]`)?.click();
}, true);

// ── errors, and a fresh form ────────────────────────────────────────
function clearError(field) {
  field?.querySelectorAll(".hy-error").forEach((error) => error.remove());
  field?.querySelectorAll("[aria-invalid]").forEach((input) => { input.removeAttribute("aria-invalid"); input.removeAttribute("aria-describedby"); });
}

function showError(name, message) {
  const field = wrap(name);
  const control = field.querySelector("[role=combobox], textarea, input, select");
  field.closest("details")?.setAttribute("open", "");
  const sprite = document.querySelector('meta[name="icon-sprite"]').content;
  const line = document.createElement("div");
  line.className = "hy-error";
  line.id = `error-${name}`;
  line.innerHTML = `<svg class="hy-icon" aria-hidden="true"><use href="${sprite}#alert-circle"></use></svg><span></span>`;
  line.lastChild.textContent = message;
  field.append(line);
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", line.id);
}

form.addEventListener("matter:errors", ({ detail: { errors } }) => {
  form.querySelectorAll("[data-field]").forEach(clearError);
  const note = document.getElementById("form-error");
  const general = Object.entries(errors).filter(([name]) => !wrap(name)).map(([, message]) => message).join("；");
  note.lastElementChild.textContent = general;
  note.hidden = !general;
  for (const [name, message] of Object.entries(errors)) if (wrap(name)) showError(name, message);
  focusIn([...form.querySelectorAll("[data-field]")].find((field) => field.dataset.field in errors));
});

form.addEventListener("matter:fresh", ({ detail: { key } }) => {
  for (const control of form.querySelectorAll('input:not([type="hidden"]):not([role="combobox"]), textarea')) {
    if (control.matches('[type="checkbox"], [type="radio"]')) control.checked = control.name === "settling" && control.value === "register";
    else control.value = "";
  }
  for (const name of FILLED) {
    if (box(name)) put(name, null);
    own(name, "");
  }
  form.elements.channel.value = form.dataset.channel;
  form.elements.requester_kind.selectedIndex = 0;
  form.elements.key.value = key;
  form.elements.into_id.value = "";
  form.elements.join_id.value = "";
  form.querySelectorAll("[data-field]").forEach(clearError);
  document.getElementById("form-error").hidden = true;
  form.querySelector("[data-tiles]").replaceChildren(); // they belong to the case that was filed
  form.querySelector(".in-more").open = false;
  startedAt = 0;
  spentBefore = 0;
});
