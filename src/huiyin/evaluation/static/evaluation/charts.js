// Draws the evaluation's charts from the JSON in the page; a click on a unit opens its card.

const INK = "#465563";
const BLUE = "#17588f";
const RED = "#b42318";
const COLOURS = ["#17588f", "#2a9d8f", "#b45309", "#7c3aed", "#b42318", "#0e7490", "#4d7c0f", "#be185d"];
const percent = (value) => `${(100 * value).toFixed(0)}%`;

function made(element) {
  window.echarts.getInstanceByDom(element)?.dispose();
  const chart = window.echarts.init(element);
  new ResizeObserver(() => chart.isDisposed() || chart.resize()).observe(element);
  return chart;
}

function trend(element, found) {
  made(element).setOption({
    animation: false, color: COLOURS,
    grid: { left: 44, right: 44, top: 34, bottom: 24 },
    legend: { top: 0, textStyle: { color: INK } },
    tooltip: { trigger: "axis" },
    xAxis: { type: "category", data: found.periods, axisLabel: { color: INK } },
    yAxis: { type: "value", min: (value) => Math.max(0, Math.floor(value.min - 2)), max: 100, axisLabel: { color: INK } },
    series: [
      { name: "综合成绩", type: "line", data: found.score, symbolSize: 8, lineStyle: { width: 3 } },
      ...["响应率", "解决率", "满意率"].map((name, at) => ({
        name, type: "line", symbolSize: 5, lineStyle: { type: "dashed", width: 1 },
        data: found.rates.map((rates) => (rates[at] === null ? null : +(100 * rates[at]).toFixed(2))),
      })),
    ],
  });
}

function opens(chart, found) {
  chart.on("click", (point) => {
    const unit = point.data?.unit;
    if (unit) location.href = `${found.address}${unit}/${location.search.includes("version=") ? location.search.match(/\?.*/)[0] : ""}`;
  });
}

function funnel(element, found) {
  const chart = made(element);
  const line = (name, at, type) => ({ name, type: "line", showSymbol: false, silent: true, smooth: true, lineStyle: { color: INK, type, width: 1 }, data: found.limits.map((limit) => [limit[0], limit[at]]) });
  chart.setOption({
    animation: false,
    grid: { left: 52, right: 16, top: 16, bottom: 44 },
    tooltip: { formatter: (point) => point.data?.name ? `${point.data.name}<br>有效回访 ${point.data.value[0]} 件，解决率 ${(100 * point.data.value[1]).toFixed(1)}%` : "" },
    xAxis: { type: "value", name: "有效回访（件）", nameLocation: "middle", nameGap: 28, min: 0, axisLabel: { color: INK } },
    yAxis: { type: "value", min: (value) => Math.max(0, Math.floor(value.min * 20) / 20), max: 1, axisLabel: { color: INK, formatter: percent } },
    series: [
      line("95%", 1, "dashed"), line("95%", 2, "dashed"), line("99.8%", 3, "solid"), line("99.8%", 4, "solid"),
      { name: "平均", type: "line", silent: true, showSymbol: false, lineStyle: { color: BLUE, width: 1 }, data: found.limits.map((limit) => [limit[0], found.centre]) },
      {
        type: "scatter", symbolSize: 9,
        data: found.points.map((point) => ({
          name: point.name, unit: point.unit_id, value: [point.judged, point.rate],
          itemStyle: { color: point.outside === "99.8%" ? RED : point.outside ? "#b45309" : BLUE, opacity: 0.85 },
          label: { show: point.outside === "99.8%", formatter: point.name, position: "right", color: INK },
        })),
      },
    ],
  });
  opens(chart, found);
}

function ranges(element, found) {
  const points = found.points.filter((point) => point.rank).sort((a, b) => b.rank - a.rank);
  element.style.height = `${Math.max(240, 70 + 18 * points.length)}px`;
  // A place is a point of the axis: a bar reaches from the best to the worst one, and one that is certain is still seen.
  const last = Math.max(2, points.length, ...points.map((point) => point.rank_high ?? point.rank));
  const bars = points.map((point) => {
    const best = point.rank_low ?? point.rank, worst = point.rank_high ?? point.rank;
    const length = Math.max(worst - best, 0.012 * (last - 1));
    return { from: (best + worst - length) / 2, length };
  });
  const chart = made(element);
  chart.setOption({
    animation: false,
    grid: { left: 110, right: 20, top: 30, bottom: 30 },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, formatter: (hovered) => { const point = points[hovered[0].dataIndex]; return `${point.name}：第 ${point.rank} 名（可能第 ${point.rank_low}–${point.rank_high} 名），${point.score} 分`; } },
    xAxis: { type: "value", min: 1, max: last, minInterval: 1, name: "名次", position: "top", axisLabel: { color: INK } },
    yAxis: { type: "category", data: points.map((point) => point.name), axisLabel: { color: INK, interval: 0, width: 96, overflow: "truncate" } },
    series: [
      { type: "bar", stack: "range", silent: true, itemStyle: { color: "transparent" }, data: bars.map((bar) => bar.from) },
      { type: "bar", stack: "range", barWidth: 8, itemStyle: { color: "#9dbfda", borderRadius: 4 }, data: points.map((point, at) => ({ value: bars[at].length, unit: point.unit_id })) },
      { type: "scatter", symbolSize: 8, itemStyle: { color: BLUE }, data: points.map((point, at) => ({ value: [point.rank, at], unit: point.unit_id })) },
    ],
  });
  opens(chart, found);
}

function race(element, found) {
  const runners = Object.entries(found.race).map(([unit, [name, ranks]]) => ({ unit: +unit, name, ranks }));
  const last = (runner) => runner.ranks.at(-1) ?? Infinity;
  runners.sort((a, b) => last(a) - last(b));
  const few = runners.length <= 20;
  const chart = made(element);
  chart.setOption({
    animation: false, color: COLOURS,
    grid: { left: 40, right: 120, top: 40, bottom: 30 },
    legend: { type: "scroll", top: 0, textStyle: { color: INK }, selected: Object.fromEntries(runners.map((runner, at) => [runner.name, few || at < 8])) },
    tooltip: { trigger: "item", formatter: (point) => `${point.seriesName}：${point.name} 第 ${point.value} 名` },
    xAxis: { type: "category", data: found.race_periods, axisLabel: { color: INK } },
    yAxis: { type: "value", inverse: true, min: 1, minInterval: 1, axisLabel: { color: INK } },
    series: runners.map((runner) => ({
      name: runner.name, type: "line", connectNulls: true, symbolSize: 8,
      data: runner.ranks.map((rank) => ({ value: rank, unit: runner.unit })), emphasis: { focus: "series" },
      endLabel: { show: few, formatter: "{a}", color: INK },
    })),
  });
  opens(chart, found);
}

// One sign over a group: each unit a dot at its share, the unit in question red; heights only keep dots apart.
function strip(element, found) {
  const dots = found.strips[element.dataset.sign] ?? [];
  const chart = made(element);
  chart.setOption({
    animation: false,
    grid: { left: 12, right: 12, top: 6, bottom: 22 },
    tooltip: { formatter: (point) => `${point.data.name}：${point.data.hits}/${point.data.trials} 件，${(100 * point.data.value[0]).toFixed(1)}%` },
    xAxis: { type: "value", min: 0, max: (value) => (value.max > 0.8 ? 1 : null), axisLabel: { color: INK, formatter: percent }, splitNumber: 5 },
    yAxis: { type: "value", min: -1, max: 1, show: false },
    series: [{
      type: "scatter",
      data: dots.map(([unit, name, hits, trials], at) => ({
        name, hits, trials, value: [hits / trials, unit === found.unit ? 0 : ((at * 37) % 17) / 12 - 0.67],
        symbolSize: unit === found.unit ? 12 : 6, z: unit === found.unit ? 3 : 2,
        itemStyle: { color: unit === found.unit ? RED : BLUE, opacity: unit === found.unit ? 1 : 0.45 },
      })),
    }],
  });
}

const KINDS = { trend, funnel, ranges, race, strip };

function draw() {
  const script = document.getElementById("evaluation-chart");
  if (!script || !window.echarts) return;
  const found = JSON.parse(script.textContent);
  for (const element of document.querySelectorAll("[data-chart]")) KINDS[element.dataset.chart]?.(element, found);
}

document.readyState === "complete" ? draw() : window.addEventListener("load", draw);
document.body.addEventListener("htmx:afterSettle", draw);
