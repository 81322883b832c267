// The meeting's slides: arrow keys or a presenter's clicker turn them, digits open the cases behind a figure (data-hotkey of
// the slide that is shown), other units' slides are loaded ahead, so that the meeting can turn to them without a network.

const stage = document.getElementById("main");
const ahead = new Map();
const jump = document.querySelector("[data-jump]");
let at = 0;
let seconds = 0;
let ticking = 0;

const slides = () => [...stage.querySelectorAll("[data-slide]")];

function show(place) {
  const all = slides();
  at = Math.max(0, Math.min(place, all.length - 1));
  all.forEach((slide, number) => { slide.hidden = number !== at; });
  document.querySelector("[data-place]").textContent = `${at + 1} / ${all.length}`;
  document.querySelector("[data-back]").disabled = at === 0;
  document.querySelector("[data-next]").disabled = at === all.length - 1;
  history.replaceState(null, "", `#${at + 1}`);
}

function turn(key) {
  const step = { ArrowRight: 1, PageDown: 1, " ": 1, ArrowLeft: -1, PageUp: -1 }[key];
  if (step) show(at + step);
  else if (key === "Home") show(0);
  else if (key === "End") show(slides().length - 1);
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  if (document.querySelector("dialog[open]") || event.target.closest("select, input, textarea")) return;
  if (event.key === " " && event.target.closest("a, button")) return;
  if (turn(event.key)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-back]")) show(at - 1);
  if (event.target.closest("[data-next]")) show(at + 1);
  if (event.target.closest("[data-timer]")) tick();
  if (event.target.closest("[data-full]")) fill();
});

// ── other units ─────────────────────────────────────────────────────
async function slidesOf(address) {
  if (!ahead.has(address)) {
    const answer = await fetch(`${address}?part=1`, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    ahead.set(address, await answer.text());
  }
  return ahead.get(address);
}

async function turnTo(address) {
  const place = at;
  try {
    stage.innerHTML = await slidesOf(address);
  } catch {
    document.querySelector("[data-ready]").textContent = "现在没有网络，这个单位还没有载入";
    return;
  }
  const deck = stage.querySelector("[data-deck]");
  document.title = deck.dataset.title;
  document.querySelector("[data-leave]").href = deck.dataset.page;
  history.replaceState(null, "", address);
  window.htmx?.process(stage);
  show(place);
  stage.focus();
}

jump?.addEventListener("change", () => turnTo(jump.value));

async function loadAhead() {
  const rest = jump ? [...jump.options].map((option) => option.value) : [];
  let loaded = 0;
  for (const address of rest) {
    try {
      await slidesOf(address);
      loaded += 1;
    } catch { /* tried again when the meeting turns there */ }
  }
  if (rest.length) document.querySelector("[data-ready]").textContent = `已载入 ${loaded} / ${rest.length} 个单位，断网也可切换`;
}

// ── time and screen ─────────────────────────────────────────────────
function tick() {
  if (ticking) {
    clearInterval(ticking);
    ticking = 0;
    return;
  }
  ticking = setInterval(() => {
    seconds += 1;
    const two = (number) => String(number).padStart(2, "0");
    document.querySelector("[data-clock]").textContent = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
  }, 1000);
}

function fill() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
}

show((Number.parseInt(location.hash.slice(1), 10) || 1) - 1);
setTimeout(loadAhead, 1500);
