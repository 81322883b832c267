// Sends the form once and shows what came of it; keeps a draft a second after each change; settles, merges, supplements, urges.

const form = document.getElementById("matter");
const outcome = document.getElementById("outcome");
const saved = document.getElementById("saved");
const discard = document.getElementById("discard");
const submit = document.getElementById("submit");
const SAVE_AFTER_MS = 1000;
const LABELS = { direct_answer: "答复并办结", refer_elsewhere: "告知并办结", persuade: "劝导并办结" };
const ANSWERS = {
  direct_answer: ["答复内容", "写明答复的内容和依据"],
  refer_elsewhere: ["告知内容", "写明应找的渠道和电话；可点下面的常用去向"],
  persuade: ["劝导情况", "写明依据和劝导的情况"],
};
let timer = 0;
let saving = Promise.resolve();
let dirty = false;
let sending = false;
let advised = { known: false, automatic: false };

const toast = (text, kind = "error") => document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind } }));
const settling = () => form.querySelector('input[name="settling"]:checked')?.value ?? "register";

async function post(url) {
  const answer = await fetch(url, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } });
  const elsewhere = answer.headers.get("HX-Redirect");
  if (elsewhere) location.assign(elsewhere);
  return answer;
}

// ── drafts ──────────────────────────────────────────────────────────
form.addEventListener("matter:change", () => {
  dirty = true;
  clearTimeout(timer);
  timer = setTimeout(() => { saving = save(); }, SAVE_AFTER_MS);
});

async function save() {
  clearTimeout(timer);
  if (!dirty) return;
  dirty = false;
  try {
    const answer = await post(form.dataset.save);
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    saved.textContent = told.saved ? `已自动保存 ${told.at}` : "";
    discard.hidden = !told.saved;
  } catch {
    dirty = true;
    saved.textContent = "未能保存草稿，正在重试…";
    timer = setTimeout(() => { saving = save(); }, 4 * SAVE_AFTER_MS);
  }
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-leave]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  await saving;
  await save();
  location.assign(link.href);
});
discard.addEventListener("click", async () => {
  if (!discard.dataset.confirmed) return; // asked first, see ui/dialogs.js
  clearTimeout(timer);
  await saving;
  dirty = false;
  const key = form.elements.key.value;
  const answer = await post(form.dataset.discard.replace(/[0-9a-f-]{36}/, key));
  if (answer.ok) location.assign(`${form.dataset.home}?new`);
});
window.addEventListener("pagehide", () => {
  if (dirty && !sending) navigator.sendBeacon(form.dataset.save, new FormData(form));
});

// ── sending ─────────────────────────────────────────────────────────
form.addEventListener("submit", (event) => {
  event.preventDefault();
  send(form.dataset.home);
});

async function send(url) {
  if (sending || !outcome.hidden) return;
  if (Number(form.dataset.uploading ?? 0)) return toast("文件还在上传，请稍候再提交。", "warning");
  sending = true;
  submit.setAttribute("aria-disabled", "true");
  clearTimeout(timer);
  await saving;
  try {
    const answer = await post(url);
    if (answer.ok) finish(await answer.text());
    else if (answer.status === 422 || answer.status === 409) refuse((await answer.json()).errors);
    else if (answer.status !== 401) toast("提交没有成功，内容已保留，请再试一次。");
  } catch {
    toast("网络不通，没有提交成功；内容已保留，恢复后再按 Ctrl+Enter。");
  }
  form.elements.into_id.value = "";
  form.elements.join_id.value = "";
  submit.removeAttribute("aria-disabled");
  sending = false;
}

function refuse(errors) {
  form.dispatchEvent(new CustomEvent("matter:errors", { detail: { errors } }));
}

function finish(html) {
  outcome.innerHTML = html;
  for (const part of outcome.querySelectorAll("template[data-into]")) {
    document.getElementById(part.dataset.into)?.replaceChildren(part.content);
  }
  dirty = false;
  saved.textContent = "";
  discard.hidden = true;
  form.dispatchEvent(new CustomEvent("matter:fresh", { detail: { key: outcome.querySelector("[data-next-key]").dataset.nextKey } }));
  advised = { known: false, automatic: false };
  settle();
  history.replaceState(null, "", `${form.dataset.home}?new`);
  outcome.hidden = false;
  outcome.scrollTop = 0;
  outcome.querySelector("[data-next]").focus({ preventScroll: true });
}

function next() {
  outcome.hidden = true;
  outcome.replaceChildren();
  form.elements.content.focus();
}

outcome.addEventListener("click", (event) => event.target.closest("[data-next]") && next());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !outcome.hidden && !document.querySelector("dialog[open]")) next();
});
// The next caller is already speaking: whoever goes to a field has done with the last case.
form.addEventListener("focusin", (event) => {
  if (!outcome.hidden && !outcome.contains(event.target) && event.target.matches("input, textarea, select")) {
    outcome.hidden = true;
    outcome.replaceChildren();
  }
});

// ── how it ends ─────────────────────────────────────────────────────
function settle() {
  const how = settling();
  submit.querySelector("[data-submit-label]").textContent = LABELS[how] ?? (advised.known ? (advised.automatic ? "登记并派单" : "登记，交派单员") : "登记");
  const box = document.getElementById("answer-box");
  if (!box) return;
  box.hidden = how === "register";
  if (box.hidden) return;
  const [label, help] = ANSWERS[how];
  box.querySelector("[data-answer-label]").textContent = label;
  form.elements.answer.placeholder = help;
  for (const phrases of box.querySelectorAll("[data-phrases]")) phrases.hidden = phrases.dataset.phrases !== how;
}

form.addEventListener("matter:advice", ({ detail }) => { advised = detail; settle(); });
form.addEventListener("change", (event) => {
  if (event.target.name !== "settling") return;
  settle();
  if (settling() !== "register") {
    form.elements.answer.focus();
    form.elements.answer.scrollIntoView({ block: "nearest" });
  }
});
form.addEventListener("formdata", ({ formData }) => {
  if (form.elements.into_id.value) formData.set("settling", "merge");
});

document.addEventListener("click", (event) => {
  const phrase = event.target.closest("[data-phrase]");
  if (phrase) {
    form.elements.answer.value = phrase.dataset.phrase;
    form.elements.answer.dispatchEvent(new Event("input", { bubbles: true }));
    return form.elements.answer.focus();
  }
  const merge = event.target.closest("[data-merge]");
  if (merge) {
    form.elements.into_id.value = merge.dataset.merge;
    return send(form.dataset.home);
  }
  const join = event.target.closest("[data-join]");
  if (join) {
    form.elements.join_id.value = join.dataset.join;
    return send(form.dataset.home);
  }
  const act = event.target.closest("[data-act]");
  if (act) {
    if ("needsText" in act.dataset && !form.elements.content.value.trim()) return refuse({ content: "请先在这里写下要补充的内容，再按补充" });
    return send(act.dataset.act);
  }
  const emergency = event.target.closest("[data-emergency]");
  if (emergency) transfer(emergency.dataset);
});

function transfer({ emergency, what }) {
  document.getElementById("emergency").close();
  if (!form.elements.content.value.trim()) form.elements.content.value = `诉求人来电反映紧急情况（${what}），已转 ${emergency}。`;
  const radio = form.querySelector('input[name="settling"][value="refer_elsewhere"]');
  radio.checked = true;
  settle();
  form.elements.answer.value = `${what}：已转接 ${emergency}，并告知诉求人直接拨打 ${emergency}。`;
  send(form.dataset.home);
}

settle();
if (!outcome.hidden) outcome.querySelector("[data-next]").focus();
else if (form.querySelector('[aria-invalid="true"]')) form.querySelector('[aria-invalid="true"]').focus();
