// A class choice brings the unit that goes with it; one key accepts the whole proposal.

function box(name) {
  return document.querySelector(`.wl-form input[type="hidden"][name="${name}"]`)?.closest("hy-combobox");
}

document.addEventListener("click", (event) => {
  const choice = event.target.closest(".wl-class");
  if (choice) {
    document.querySelectorAll(".wl-class").forEach((other) => other.setAttribute("aria-pressed", String(other === choice)));
    box("class_code")?.choose({ id: choice.dataset.classCode, label: choice.dataset.classLabel });
  }
  const unit = event.target.closest(".wl-unit-choice");
  if (unit) {
    box("unit_id")?.choose({ id: unit.dataset.unitId, label: unit.dataset.unitLabel });
    box("sub_unit_id")?.clear({ silent: true });
  }
  const accept = event.target.closest("[data-accept]");
  if (accept) accept.closest("form").requestSubmit();
});

document.addEventListener("combobox:change", async (event) => {
  const form = event.target.closest(".wl-form");
  if (!form || event.target !== box("class_code") || !event.detail.value) return;
  const answer = await fetch(`${form.dataset.unitUrl}?class_code=${encodeURIComponent(event.detail.value)}`);
  if (!answer.ok) return;
  const found = await answer.json();
  for (const [name, record] of [["unit_id", found.unit], ["sub_unit_id", found.sub_unit]]) {
    if (record) box(name)?.choose(record, { silent: true });
    else box(name)?.clear({ silent: true });
  }
  const why = document.querySelector("[data-unit-reasons]");
  if (why) why.textContent = [found.unit?.label, found.reasons.join("；")].filter(Boolean).join("：");
});
