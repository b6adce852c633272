// Saving: a chart as SVG, PNG, CSV or table, exactly as it is shown.

const STYLED = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "fill-opacity", "stroke-opacity", "font-size", "font-family", "font-weight", "visibility"];

/** Return the picture with its title, legend and styles within, as it is on the screen. */
function standalone(chart, picture, hidden, colours) {
  const [width, height] = [picture.clientWidth, chart.height];
  const copy = picture.cloneNode(true);
  const [from, to] = [picture.querySelectorAll("*"), copy.querySelectorAll("*")];
  from.forEach((element, index) => {
    const style = getComputedStyle(element);
    for (const name of STYLED) to[index].setAttribute(name, style.getPropertyValue(name));
  });
  const head = 46;
  const font = { "font-family": colours.font, fill: colours.text };
  const legend = [];
  let at = MARGIN.left;
  for (const each of chart.series.filter((one) => !hidden.has(one.name))) {
    legend.push(make("line", { x1: at, x2: at + 22, y1: 34, y2: 34, stroke: each.colour, "stroke-width": 3, "stroke-dasharray": each.dash.join(" ") || null }));
    legend.push(make("text", { x: at + 28, y: 38, "font-size": 12, ...font }, each.name));
    at += 44 + each.name.length * 6.6;
  }
  copy.setAttribute("y", head);
  copy.setAttribute("width", width);
  const notes = chart.notes.map((note, index) => make("text", { x: MARGIN.left, y: head + height + 16 + index * 16, "font-size": 11, ...font }, note));
  const tall = head + height + 8 + notes.length * 16;
  return make("svg", { xmlns: "http://www.w3.org/2000/svg", width, height: tall, viewBox: `0 0 ${width} ${tall}` },
    make("rect", { width, height: tall, fill: colours.background }),
    make("text", { x: MARGIN.left, y: 18, "font-size": 15, "font-weight": 600, ...font }, chart.title),
    ...legend, copy, ...notes);
}

/** Return the rows that the chart shows: readings, then lines with their bands. */
function rowsOf(chart, board, shared) {
  const [from, to] = shared.span ?? board.range;
  const rows = [["series", "kind", "step", board.axis.title.toLowerCase(), "value", "low", "high"]];
  for (const each of chart.series.filter((one) => !shared.hidden.has(one.name))) {
    each.x.forEach((x, i) => { if (x >= from && x <= to) rows.push([each.name, "reading", each.step[i], x, each.y[i], "", ""]); });
    (each.line?.x ?? []).forEach((x, i) => {
      if (x >= from && x <= to) rows.push([each.name, "line", "", x, each.line.y[i], each.band?.low[i] ?? "", each.band?.high[i] ?? ""]);
    });
  }
  return rows;
}

/** Return rows as CSV; a name that a spreadsheet would take for a formula gets an apostrophe. */
function csvOf(rows) {
  const safe = (value) => (typeof value === "string" && /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(value) ? `'${value}` : String(value));
  const cell = (value) => (/[",\n]/.test(safe(value)) ? `"${safe(value).replaceAll('"', '""')}"` : safe(value));
  return rows.map((row) => row.map(cell).join(",")).join("\r\n");
}

function offer(name, blob) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Save a chart in one of its formats. */
async function save(kind, chart, board, run, picture) {
  const shared = sharedOf(run);
  const name = `${chart.id}.${kind}`;
  if (kind === "csv") { offer(name, new Blob([csvOf(rowsOf(chart, board, shared))], { type: "text/csv" })); return; }
  const style = getComputedStyle(picture);
  const colours = { font: style.fontFamily, text: style.color, background: style.getPropertyValue("--st-background-color") || "white" };
  const whole = standalone(chart, picture, shared.hidden, colours);
  const text = new XMLSerializer().serializeToString(whole);
  const drawing = new Blob([text], { type: "image/svg+xml" });
  if (kind === "svg") { offer(name, drawing); return; }
  const image = new Image();
  image.src = URL.createObjectURL(drawing);
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2 * whole.getAttribute("width"), 2 * whole.getAttribute("height")];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => offer(name, blob), "image/png");
}

const MAX_ROWS = 500;

/** Return the rows of a chart as a table; the rest of a long one is in the CSV. */
function tableOf(chart, board, shared) {
  const [head, ...rows] = rowsOf(chart, board, shared);
  const shown = rows.slice(0, MAX_ROWS);
  const body = shown.map((row) => make("tr", {}, ...row.map((cell) => make("td", {}, typeof cell === "number" ? figure(cell) : cell))));
  const more = rows.length > shown.length ? `The first ${figure(shown.length)} of ${figure(rows.length)} rows; all are in the CSV.` : `${figure(rows.length)} rows.`;
  return make("div", { class: "data", tabindex: 0, role: "region", "aria-label": `Data of the chart ${chart.title}` },
    make("p", {}, more),
    make("table", {}, make("thead", {}, make("tr", {}, ...head.map((cell) => make("th", { scope: "col" }, cell)))), make("tbody", {}, ...body)));
}
