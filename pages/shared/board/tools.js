// Tools: what changes how the charts of a page are drawn.

const LINES = [["fitted", "Curve", "The curve behind the readings with its 80 % band"],
  ["ema", "EMA", "Exponential moving average, as TensorBoard's"],
  ["window", "Window", "Mean of all readings within a stretch of the run"],
  ["raw", "Off", "Readings only"]];
const STRENGTH = { ema: { min: 0, max: 0.99, step: 0.01, name: "Weight" }, window: { min: 0.002, max: 0.2, step: 0.002, name: "Width" } };
const REST = 160; // milliseconds without a change before the server is asked
const HELP = [["← →", "previous or next checkpoint, on the slider"], ["Home End", "first or last checkpoint"],
  ["Drag", "zoom all charts to a range"], ["Double-click, Esc", "back to the whole run"],
  ["Click on ▲", "choose that saved checkpoint"], ["Click on a name", "hide or show a line; double-click shows it alone"],
  ["?", "this list"]];

/** Return the row of controls over the charts; ``ask`` sends a choice to the server. */
function toolbar(data, run, ask) {
  const bar = make("div", { class: "tools", role: "toolbar", "aria-label": "How the charts are drawn" });
  const shared = sharedOf(run);
  const look = data.look;
  bar.append(choice("Line", LINES, look.line, (line) => ask({ line })));
  if (STRENGTH[look.line]) bar.append(strength(look, ask, data, run));
  bar.append(choice("Y", [["linear", "Linear", "Linear value axis"], ["log", "Log", "Logarithmic value axis; zeros are triangles at the bottom"]],
    shared.log ? "log" : "linear", (kind) => tell(run, { log: kind === "log" })));
  if (data.charts.some((chart) => chart.clip.top !== null)) {
    bar.append(toggle("Clip outliers", shared.clip, (clip) => tell(run, { clip })));
  }
  if (Object.keys(data.axes).length > 1) bar.append(axisList(data, shared, ask));
  const reset = make("button", { type: "button", class: "reset", hidden: !shared.span, onclick: () => tell(run, { span: null }) }, "Whole run");
  bar.append(reset, help());
  return { bar, update: () => { reset.hidden = !shared.span; } };
}

/** Return the findings that can be shaded on the curves, one at a time; null without any. */
function shading(data, run) {
  if (!data.regions.length) return null;
  const shared = sharedOf(run);
  const row = make("div", { class: "tools shading", role: "group", "aria-label": "Shade where a finding lies" }, make("span", { class: "name" }, "Shade"));
  for (const region of data.regions) {
    const button = toggle(region.name, shared.region === region.name, (on) => {
      for (const other of row.querySelectorAll("button")) other.setAttribute("aria-pressed", String(on && other === button));
      tell(run, { region: on ? region.name : null });
    }, `region ${region.colour}`, region.words);
    row.append(button);
  }
  return row;
}

function choice(name, options, current, pick) {
  const group = make("div", { class: "choice", role: "group", "aria-label": name }, make("span", { class: "name" }, name));
  for (const [value, word, title] of options) {
    const button = make("button", { type: "button", title, "aria-pressed": String(value === current) }, word);
    button.addEventListener("click", () => {
      for (const other of group.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
      pick(value);
    });
    group.append(button);
  }
  return group;
}

function toggle(name, on, pick, role = "", title = "") {
  const button = make("button", { type: "button", class: `toggle ${role}`, title, "aria-pressed": String(on) }, name);
  button.addEventListener("click", () => {
    const now = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(now));
    pick(now);
  });
  return button;
}

/** Return the slider of a smoothing: lines follow it here as far as their readings are here. */
function strength(look, ask, data, run) {
  const bounds = STRENGTH[look.line];
  const key = look.line === "ema" ? "weight" : "width";
  const input = make("input", { type: "range", min: bounds.min, max: bounds.max, step: bounds.step, value: look[key], "aria-label": `Smoothing: ${bounds.name.toLowerCase()}` });
  const note = make("span", { class: "note" });
  const say = () => { note.textContent = [`${bounds.name} ${figure(Number(input.value))}`, averagedWords(data)].filter(Boolean).join(": "); };
  let timer = 0;
  input.addEventListener("input", () => {
    tell(run, { smooth: { ...look, [key]: Number(input.value) } });
    clearTimeout(timer);
    say();
  });
  input.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(() => ask({ [key]: Number(input.value) }), REST);
  });
  say();
  return make("label", { class: "strength" }, input, note);
}

function axisList(data, shared, ask) {
  const list = make("select", { "aria-label": "Horizontal axis" });
  for (const [value, title] of Object.entries(data.axes)) list.append(make("option", { value, selected: value === data.look.axis }, title));
  list.addEventListener("change", () => { shared.span = null; ask({ axis: list.value, span: null }); });
  return make("label", { class: "choice" }, make("span", { class: "name" }, "X"), list);
}

function help() {
  const rows = HELP.map(([keys, words]) => make("div", {}, make("kbd", {}, keys), ` ${words}`));
  const box = make("details", { class: "menu help" }, make("summary", { "aria-label": "Shortcuts", title: "Shortcuts" }, "?"), make("div", { class: "sheet" }, ...rows));
  return box;
}

/** Return the names of a chart's lines: a click hides one, a double click shows it alone. */
function legend(chart, run) {
  const row = make("div", { class: "legend" });
  const shared = sharedOf(run);
  const names = chart.series.map((each) => each.name);
  const update = () => {
    for (const button of row.children) button.setAttribute("aria-pressed", String(!shared.hidden.has(button.dataset.name)));
  };
  for (const each of chart.series) {
    const sample = make("svg", { width: 24, height: 8, "aria-hidden": "true" },
      make("line", { x1: 0, x2: 24, y1: 4, y2: 4, stroke: each.colour, "stroke-width": 3, "stroke-dasharray": each.dash.join(" ") || null }));
    const button = make("button", { type: "button", "data-name": each.name, title: "Hide or show; double-click: alone" }, sample, each.name);
    button.addEventListener("click", () => {
      const hidden = new Set(shared.hidden);
      if (!hidden.delete(each.name)) hidden.add(each.name);
      tell(run, { hidden });
    });
    button.addEventListener("dblclick", () => {
      const hidden = new Set(shared.hidden);
      for (const name of names) { if (name === each.name) hidden.delete(name); else hidden.add(name); }
      tell(run, { hidden });
    });
    row.append(button);
  }
  update();
  return { row, update };
}

/** Return the menu of one chart: its data, its files, and the full screen. */
function menu(chart, board, run, picture, place) {
  const item = (word, act) => make("button", { type: "button", onclick: (event) => { event.target.closest("details").open = false; act(); } }, word);
  const showData = () => {
    const shown = place.querySelector(".data");
    if (shown) shown.remove();
    else place.append(tableOf(chart, board, sharedOf(run)));
  };
  const kinds = [["csv", "Save as CSV"], ["svg", "Save as SVG"], ["png", "Save as PNG"]];
  return make("details", { class: "menu" },
    make("summary", { "aria-label": `Menu of ${chart.title}`, title: "Data, files, full screen" }, "⋯"),
    make("div", { class: "sheet" }, item("Data", showData),
      ...kinds.map(([kind, word]) => item(word, () => save(kind, chart, board, run, picture))),
      item("Full screen", () => (document.fullscreenElement ? document.exitFullscreen() : place.requestFullscreen()))));
}
