// Plots of the page of figures. What they show stands in the tables below them; without script these are all there is.

const data = JSON.parse(document.getElementById("plots").textContent);
const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(name).trim();

// Names are data: they become text, never markup.
function tip(unit) {
  return (shown) => {
    const box = document.createElement("span");
    box.textContent = `${shown.name}: ${shown.value}${unit}`;
    return box;
  };
}

function option(kind, { names, values }) {
  const unit = kind === "slips" ? "" : "%";
  const labels = { type: "category", data: names, axisLabel: { color: colour("--ink") } };
  const numbers = { type: "value", min: 0, ...(kind === "months" ? { max: 100 } : {}), axisLabel: { formatter: `{value}${unit}`, color: colour("--ink") } };
  const flat = kind !== "months";
  return {
    animation: false,
    textStyle: { fontFamily: "inherit" },
    color: [colour("--link")],
    grid: { left: flat ? 200 : 60, right: 40, top: 20, bottom: 30 },
    xAxis: flat ? numbers : labels,
    yAxis: flat ? { ...labels, inverse: true, axisLabel: { ...labels.axisLabel, width: 185, overflow: "truncate" } } : numbers,
    tooltip: { trigger: "item", formatter: tip(unit) },
    series: [{ type: flat ? "bar" : "line", data: values, symbolSize: 9, barMaxWidth: 22 }],
  };
}

for (const place of document.querySelectorAll("[data-plot]")) {
  const kind = place.dataset.plot;
  if (!data[kind].names.length) continue;
  place.hidden = false;
  if (kind !== "months") place.style.height = `${60 + 30 * data[kind].names.length}px`;
  const plot = window.echarts.init(place, null, { renderer: "canvas" });
  plot.setOption(option(kind, data[kind]));
  new ResizeObserver(() => plot.resize()).observe(place);
}
