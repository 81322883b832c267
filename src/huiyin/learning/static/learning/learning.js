// Draws the learning page's charts from the JSON in the page; a click on a point opens the cases behind it.

const INK = "#465563";
const BLUE = "#17588f";
const TEAL = "#2a9d8f";
const RED = "#b42318";
const AMBER = "#b7791f";
const list = () => document.querySelector('.ln-figures a[href*="what="]').pathname;
const percent = (value) => (value === null || value === undefined ? "—" : `${(value * 100).toFixed(1)}%`);
const axis = { type: "value", axisLabel: { color: INK, formatter: (value) => `${Math.round(value * 100)}%` } };

function chart(element) {
  const made = window.echarts.init(element);
  new ResizeObserver(() => made.isDisposed() || made.resize()).observe(element);
  return made;
}

function lines(element, rows, series, extra) {
  const made = chart(element);
  made.setOption({
    animation: false,
    color: [BLUE, TEAL, AMBER, RED],
    grid: { left: 52, right: 16, top: 40, bottom: 24 },
    legend: { top: 0, textStyle: { color: INK } },
    tooltip: { trigger: "axis", valueFormatter: percent },
    xAxis: { type: "category", data: rows.map((row) => row.name), axisLabel: { color: INK } },
    yAxis: { ...axis, min: 0 },
    series: series.map(([name, key, more]) => ({ name, type: "line", symbolSize: 6, data: rows.map((row) => row[key]), ...more })),
    ...extra,
  });
  return made;
}

function weeks(element, found) {
  const bound = { silent: true, symbol: "none", label: { formatter: "错派上限", position: "insideEndTop", color: RED }, lineStyle: { color: RED, type: "dotted" }, data: [{ yAxis: found.bound }] };
  const series = [["分类准确率", "class"], ["单位准确率", "unit"], ["自动派单占比", "coverage", { lineStyle: { type: "dashed" } }], ["错派率", "wrong", { markLine: bound }]];
  const what = ["class_wrong", "unit_wrong", "automatic", "wrong"];
  const made = lines(element, found.weeks, series);
  made.on("click", (point) => { location.href = `${list()}?what=${what[point.seriesIndex]}&${found.weeks[point.dataIndex].query}`; });
}

function drift(element, found) {
  lines(element, found.drift, [["类别占比差异", "shift"], ["偶然波动", "chance", { lineStyle: { type: "dotted" } }], ["没见过的字对", "unknown", { lineStyle: { type: "dashed" } }]]);
}

function calibration(element, found) {
  const made = chart(element);
  const points = (rows) => rows.map(([claimed, right, cases, query]) => ({ value: [claimed, right, cases], query }));
  const size = (value) => Math.max(6, Math.min(22, Math.sqrt(value[2]) / 2));
  made.setOption({
    animation: false,
    color: [TEAL, BLUE],
    grid: { left: 52, right: 16, top: 40, bottom: 40 },
    legend: { top: 0, textStyle: { color: INK } },
    tooltip: { formatter: ({ seriesName, value }) => `${seriesName}：把握 ${percent(value[0])}，实际 ${percent(value[1])}，${value[2]} 件` },
    xAxis: { ...axis, name: "把握", nameLocation: "middle", nameGap: 24, min: 0, max: 1 },
    yAxis: { ...axis, min: 0, max: 1 },
    series: [
      { name: "承办单位", type: "scatter", data: points(found.unit), symbolSize: size },
      { name: "问题分类", type: "scatter", symbol: "diamond", data: points(found.class), symbolSize: size },
      { type: "line", data: [[0, 0], [1, 1]], symbol: "none", silent: true, lineStyle: { color: "#9aa6b2", type: "dashed" }, tooltip: { show: false } },
    ],
  });
  made.on("click", (point) => { if (point.data?.query) location.href = `${list()}?${point.data.query}`; });
}

function draw() {
  const script = document.getElementById("learning-chart");
  if (!script || !window.echarts) return;
  const found = JSON.parse(script.textContent);
  for (const element of document.querySelectorAll("[data-chart]")) ({ weeks, calibration, drift })[element.dataset.chart](element, found);
}

if (document.readyState === "complete") draw();
else addEventListener("load", draw);
