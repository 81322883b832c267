// Draws the overview's charts from the JSON in the page; a click on a point opens the cases behind it.

const INK = "#465563";
const BLUE = "#17588f";
const TEAL = "#2a9d8f";
const search = () => document.querySelector(".ov-figures a").pathname;
let outlines = null;

function data() {
  const script = document.getElementById("overview-chart");
  return script ? JSON.parse(script.textContent) : null;
}

function chart(element) {
  const old = window.echarts.getInstanceByDom(element);
  if (old) old.dispose();
  const made = window.echarts.init(element);
  new ResizeObserver(() => made.isDisposed() || made.resize()).observe(element);
  return made;
}

function days(element, found) {
  const made = chart(element);
  made.setOption({
    animation: false,
    color: [BLUE, TEAL],
    grid: { left: 44, right: 12, top: 34, bottom: 24 },
    legend: { top: 0, textStyle: { color: INK } },
    tooltip: { trigger: "axis" },
    xAxis: { type: "category", data: found.days, axisLabel: { color: INK } },
    yAxis: { type: "value", minInterval: 1, axisLabel: { color: INK } },
    series: [
      { name: "受理", type: "line", data: found.received, symbolSize: 6, areaStyle: { opacity: 0.08 } },
      { name: "办结", type: "line", data: found.closed, symbolSize: 6, lineStyle: { type: "dashed" } },
    ],
  });
  made.on("click", (point) => {
    const day = found.dates[point.dataIndex];
    location.href = point.seriesIndex === 0 ? `${search()}?status=all&first=${day}&last=${day}` : `${search()}?status=all&closed=${day}`;
  });
}

function classes(element, found) {
  const rows = [...found.classes].sort((a, b) => b.open - a.open || b.overdue - a.overdue).slice(0, 12).reverse();
  const made = chart(element);
  made.setOption({
    animation: false,
    color: ["#b42318", BLUE],
    grid: { left: 150, right: 24, top: 30, bottom: 24 },
    legend: { top: 0, textStyle: { color: INK } },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" } },
    xAxis: { type: "value", minInterval: 1, axisLabel: { color: INK } },
    yAxis: { type: "category", data: rows.map((row) => row.name), axisLabel: { color: INK, width: 140, overflow: "truncate" } },
    series: [
      { name: "超期", type: "bar", stack: "open", data: rows.map((row) => row.overdue) },
      { name: "未超期", type: "bar", stack: "open", data: rows.map((row) => row.open - row.overdue) },
    ],
  });
  made.on("click", (point) => { location.href = `${search()}?status=open&${rows[point.dataIndex].query}`; });
}

async function map(element, found) {
  outlines ??= await (await fetch(element.dataset.outlines)).json();
  window.echarts.registerMap("districts", outlines);
  const made = chart(element);
  const most = Math.max(1, ...found.districts.map((district) => district.value));
  made.setOption({
    animation: false,
    tooltip: { formatter: (point) => `${point.name}：在办 ${point.data?.value ?? 0}，将到期 ${point.data?.near_due ?? 0}，超期 ${point.data?.overdue ?? 0}` },
    visualMap: { min: 0, max: most, left: 0, bottom: 0, itemHeight: 90, text: ["多", "少"], inRange: { color: ["#eaf2f8", "#17588f"] }, textStyle: { color: INK } },
    series: [{ type: "map", map: "districts", data: found.districts, label: { show: false }, emphasis: { label: { show: true } }, select: { disabled: true } }],
  });
  made.on("click", (point) => { if (point.data?.query) location.href = `${location.pathname}?${point.data.query}`; });
}

function draw() {
  const found = data();
  if (!found || !window.echarts) return;
  for (const element of document.querySelectorAll("[data-chart]")) ({ days, classes, map })[element.dataset.chart](element, found);
}

document.addEventListener("htmx:afterSettle", (event) => { if (event.target.id === "overview") draw(); });
if (document.readyState === "complete") draw();
else addEventListener("load", draw);
