// Of the fields that say whom a sampling plan is for, only the one of the chosen scope is shown; without a script all are.

const form = document.querySelector("form[data-plan]");
const BELONG_TO = ["district", "kind", "unit"];

function show() {
  const scope = form.elements.namedItem("scope").value;
  for (const name of BELONG_TO) form.querySelector(`[name="${name}"]`).closest(".hy-field").hidden = name !== scope;
}

if (form) {
  form.addEventListener("change", (event) => event.target.name === "scope" && show());
  addEventListener("pageshow", show);  // a browser that comes back fills in what was chosen before
  show();
}
