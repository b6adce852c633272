// Board: several charts of one run with one pointer, one zoom and one chosen step.

const boards = new WeakMap();

export default function (component) {
  const { parentElement, data, setStateValue } = component;
  const root = parentElement.querySelector(".board");
  boards.get(root)?.end();
  const board = mount(root, data, setStateValue);
  boards.set(root, board);
  retireStill();
  return () => boards.get(root)?.end();
}

/** Hide the still drawing that stood in the charts' place while this script was on its way. */
function retireStill() {
  if (document.getElementById("goldilocks-live")) return;
  document.head.append(make("style", { id: "goldilocks-live" }, ".st-key-still { display: none; }"));
}

function mount(root, data, setStateValue) {
  const run = data.run;
  const shared = sharedOf(run);
  if (shared.step === null) shared.step = data.step;
  if (shared.region === null && data.shaded) shared.region = data.shaded;
  const ask = (change) => setStateValue("look", { ...data.look, span: shared.span, ...change });
  const tools = data.tools ? toolbar(data, run, ask) : null;
  const plots = data.charts.map((chart) => plotOf(chart, data, run));
  const kept = root.contains(root.getRootNode().activeElement) ? markFocus(root) : null;
  root.className = `board ${data.columns > 1 ? "several" : ""}`;
  root.replaceChildren(...(tools ? [tools.bar] : []), ...plots.map((plot) => plot.place), ...(tools && data.regions.length ? [shading(data, run)] : []));
  kept?.(root);
  const drawAll = () => plots.forEach((plot) => plot.draw());
  const ended = hear((about, change) => {
    if (about !== run) return;
    if ("step" in change) plots.forEach((plot) => plot.layer.moveChosen());
    if (change.smooth) smooth(data, change.smooth);
    if ("hover" in change) plots.forEach((plot) => plot.layer.moveCross());
    if ("span" in change && data.thinned && data.tools) ask({});
    if (["span", "hidden", "log", "clip", "region", "smooth"].some((name) => name in change)) { drawAll(); tools?.update(); }
  });
  const escape = (event) => {
    if (event.key === "Escape" && shared.span) tell(run, { span: null });
    if (event.key === "?" && data.tools && !/input|textarea/i.test(event.target.tagName)) root.querySelector(".help").open = true;
  };
  document.addEventListener("keydown", escape);
  const watcher = new ResizeObserver(drawAll);
  watcher.observe(root);
  drawAll();
  return { end: () => { ended(); watcher.disconnect(); document.removeEventListener("keydown", escape); } };
}

/** Remember which control has the focus, for the one that takes its place. */
function markFocus(root) {
  const name = root.getRootNode().activeElement.getAttribute("aria-label");
  return (again) => name && [...again.querySelectorAll("[aria-label]")].find((each) => each.getAttribute("aria-label") === name)?.focus();
}

function plotOf(chart, data, run) {
  const picture = make("svg", { class: "picture", role: "img", "aria-label": chart.text });
  const place = make("figure", { class: "chart", "data-chart": chart.id });
  const names = legend(chart, run);
  const layer = layerOver(chart, data, run, picture, place);
  const notes = make("p", { class: "notes" });
  const stage = make("div", { class: "stage" }, picture, layer.card);
  place.append(
    make("figcaption", {}, make("strong", {}, chart.title), names.row, menu(chart, data, run, picture, place)),
    stage, notes);
  const drawn = () => {
    const width = Math.max(stage.clientWidth, 160);
    const scales = draw(picture, chart, data, sharedOf(run), width);
    layer.place(scales);
    names.update();
    const more = [];
    if (scales.seen.above) more.push(`${figure(scales.seen.above)} above the top (▲).`);
    if (scales.seen.below) more.push(`${figure(scales.seen.below)} at zero or below have no place on a log axis (▽ at the bottom).`);
    if (data.axis.derived) more.push(`Axis: ${data.axis.derived}.`);
    notes.textContent = [...chart.notes, ...more].join(" ");
  };
  return { place, layer, draw: drawn };
}
