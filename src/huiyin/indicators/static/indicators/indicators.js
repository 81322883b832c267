// Draws the radar of a district and the lines of the trend from the JSON in the page.

const INK = "#465563";
const COLOURS = ["#17588f", "#b7791f", "#2a9d8f", "#b42318", "#5b3fa0", "#0d6470", "#8a5200", "#465563"];
const told = (value) => (value === null || value === undefined ? "—" : value);

function chart(element, option) {
  const made = window.echarts.init(element);
  new ResizeObserver(() => made.isDisposed() || made.resize()).observe(element);
  made.setOption({ animation: false, color: COLOURS, ...option });
}

function radar(element, found) {
  chart(element, {
    legend: { top: 0, textStyle: { color: INK } },
    tooltip: {},
    radar: { indicator: found.names.map((name) => ({ name, min: 0, max: 100 })), radius: "66%", center: ["50%", "56%"], axisName: { color: INK } },
    series: [{
      type: "radar",
      data: [
        { name: found.area, value: found.own, areaStyle: { opacity: 0.12 } },
        { name: "各区平均", value: found.mean, lineStyle: { type: "dashed" }, symbol: "diamond" },
      ],
      tooltip: { formatter: ({ name, value }) => [name, ...found.names.map((one, at) => `${one}　${told(value[at])}`)].join("<br>") },
    }],
  });
}

function lines(element, found) {
  chart(element, {
    grid: { left: 44, right: 16, top: 40, bottom: 24 },
    legend: { top: 0, type: "scroll", textStyle: { color: INK } },
    tooltip: { trigger: "axis", valueFormatter: told },
    xAxis: { type: "category", data: found.periods, axisLabel: { color: INK } },
    yAxis: { type: "value", scale: true, axisLabel: { color: INK } },
    series: found.lines.map((line) => ({ name: line.name, type: "line", symbolSize: 7, data: line.scores })),
  });
}

function draw() {
  const script = document.getElementById("indicators-chart");
  if (!script || !window.echarts) return;
  const found = JSON.parse(script.textContent);
  for (const element of document.querySelectorAll("[data-chart]")) ({ radar, lines })[element.dataset.chart](element, found);
}

if (document.readyState === "complete") draw();
else addEventListener("load", draw);
