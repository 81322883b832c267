// Looks a number up as soon as it is complete: a mobile at once, other numbers when the field is left.

const form = document.getElementById("matter");
const phone = form.elements.phone;
const pane = document.getElementById("caller");
let shownFor = "";
let asking = null;

const digitsOf = (text) => text.normalize("NFKC").replace(/\D/g, "").replace(/^86(?=1\d{10}$)/, "");
const hint = () => pane.replaceChildren(document.getElementById("caller-hint").content.cloneNode(true));

async function look({ left }) {
  const digits = digitsOf(phone.value);
  if (digits === shownFor) return;
  if (!digits) {
    shownFor = "";
    return hint();
  }
  if (!left && !/^1\d{10}$/.test(digits)) return;
  shownFor = digits;
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(form.dataset.caller, { method: "POST", body: new FormData(form), signal: asking.signal, headers: { "HX-Request": "true" } });
    if (!answer.ok) { shownFor = ""; return; }
    pane.innerHTML = await answer.text();
    const name = document.getElementById("caller-name");
    form.dispatchEvent(new CustomEvent("matter:fill", { detail: { requester_name: name ? JSON.parse(name.textContent) : null } }));
  } catch (error) {
    if (error.name !== "AbortError") shownFor = "";
  }
}

phone.addEventListener("input", () => look({ left: false }));
phone.addEventListener("change", () => look({ left: true }));
form.addEventListener("matter:fresh", () => {
  asking?.abort();
  shownFor = "";
  hint();
});

if (phone.value) look({ left: true });
// A number does not stay in the address, the history or the referrer.
if (new URLSearchParams(location.search).has("phone")) {
  history.replaceState(null, "", `${form.dataset.home}?new`);
  form.dispatchEvent(new CustomEvent("matter:change"));
}
