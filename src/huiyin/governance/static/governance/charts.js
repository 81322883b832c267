// A governed street's months against its target line, from the JSON in the page; a click opens the month's cases.

const INK = "#465563";
const BLUE = "#17588f";
const GREEN = "#2a9d8f";
const AMBER = "#b45309";

function made(element) {
  window.echarts.getInstanceByDom(element)?.dispose();
  const chart = window.echarts.init(element);
  new ResizeObserver(() => chart.isDisposed() || chart.resize()).observe(element);
  return chart;
}

const target = (value, color, unit) => (value === null ? undefined : {
  silent: true, symbol: "none", lineStyle: { color, type: "dashed", width: 2 },
  label: { formatter: `目标 ${value}${unit}`, color, position: "insideEndTop" }, data: [{ yAxis: value }],
});

function opens(chart, found, figures) {
  chart.on("click", (point) => {
    const figure = figures[point.seriesName];
    const code = found.codes[point.dataIndex];
    if (figure && code) location.href = `/evaluation/${code}/cases/?group=street&unit=${found.unit}&figure=${figure}`;
  });
}

function volume(element, found) {
  const chart = made(element);
  const highest = (value) => Math.ceil(1.1 * Math.max(value.max, found.targets.volume ?? 0));
  chart.setOption({
    animation: false,
    grid: { left: 48, right: 16, top: 34, bottom: 24 },
    legend: { top: 0, textStyle: { color: INK } },
    tooltip: { trigger: "axis" },
    xAxis: { type: "category", data: found.periods, axisLabel: { color: INK } },
    yAxis: { type: "value", min: 0, max: highest, minInterval: 1, axisLabel: { color: INK } },
    series: [{ name: "诉求量（件）", type: "bar", barMaxWidth: 36, itemStyle: { color: BLUE }, data: found.volume, markLine: target(found.targets.volume, AMBER, "") }],
  });
  opens(chart, found, { "诉求量（件）": "volume" });
}

function rates(element, found) {
  const chart = made(element);
  const known = [...found.resolution, ...found.satisfaction, ...found.city_resolution, ...found.city_satisfaction, found.targets.resolution, found.targets.satisfaction].filter((one) => one !== null);
  const line = (name, data, color, goal) => ({ name, type: "line", symbolSize: 7, connectNulls: false, itemStyle: { color }, lineStyle: { color, width: 2 }, data, markLine: target(goal, color, "%") });
  const faint = (name, data, color) => ({ name, type: "line", symbol: "none", itemStyle: { color }, lineStyle: { color, width: 1, type: "dotted" }, data });
  chart.setOption({
    animation: false,
    grid: { left: 48, right: 16, top: 50, bottom: 24 },
    legend: { top: 0, textStyle: { color: INK } },
    tooltip: { trigger: "axis", valueFormatter: (value) => (value === null || value === undefined ? "—" : `${value}%`) },
    xAxis: { type: "category", data: found.periods, axisLabel: { color: INK } },
    yAxis: { type: "value", min: Math.max(0, Math.floor((Math.min(100, ...known) - 3) / 5) * 5), max: 100, axisLabel: { color: INK, formatter: "{value}%" } },
    series: [
      line("解决率", found.resolution, BLUE, found.targets.resolution),
      line("满意率", found.satisfaction, GREEN, found.targets.satisfaction),
      faint("全市解决率", found.city_resolution, BLUE),
      faint("全市满意率", found.city_satisfaction, GREEN),
    ],
  });
  opens(chart, found, { "解决率": "not_solved", "满意率": "unsatisfied" });
}

const KINDS = { volume, rates };

function draw() {
  const script = document.getElementById("governance-chart");
  if (!script || !window.echarts) return;
  const found = JSON.parse(script.textContent);
  for (const element of document.querySelectorAll("[data-chart]")) KINDS[element.dataset.chart]?.(element, found);
}

document.readyState === "complete" ? draw() : window.addEventListener("load", draw);
