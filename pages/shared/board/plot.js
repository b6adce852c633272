// Plot: one chart as an SVG picture. What moves with the pointer or the slider is a layer of its
// own on top (pointing.js), so that nothing here is drawn twice while they move.

const MARGIN = { left: 54, right: 14, top: 20, bottom: 34 };
const PAD = 0.06; // free space above and below, as a share of the values' span
const MAX_DOTS = 1500; // above, dots are drawn smaller
const SMALL = 230; // pixels of height up to which they are not labelled either
const MANY = 3; // series above which extremes are not labelled

/** Return what of a chart is visible: its series, range, value domain and marks. */
function visibleOf(chart, board, shared) {
  const series = chart.series.filter((each) => !shared.hidden.has(each.name));
  const range = shared.span ?? board.range;
  const domain = domainOf(chart, series, range, shared);
  return { series, range, ...domain };
}

function domainOf(chart, series, [from, to], shared) {
  const cut = shared.clip ? chart.clip.top : null;
  let [low, high, above, below, least] = [Infinity, -Infinity, 0, 0, Infinity];
  const take = (x, y) => {
    if (x < from || x > to || y === null) return;
    if (cut !== null && y > cut) { above += 1; return; }
    if (y > 0 && y < least) least = y;
    if (y <= 0) below += 1;
    if (y < low) low = y;
    if (y > high) high = y;
  };
  for (const each of series) {
    for (let i = 0; i < each.x.length; i += 1) take(each.x[i], each.y[i]);
    const band = each.band;
    if (!band) continue;
    const steady = [above, below];
    for (let i = 0; i < each.line.x.length; i += 1) {
      take(each.line.x[i], band.low[i]);
      take(each.line.x[i], Math.min(band.high[i], cut ?? Infinity));
    }
    [above, below] = steady;
  }
  for (const [level] of chart.limits) { low = Math.min(low, level); high = Math.max(high, level); }
  if (low > high) [low, high] = [0, 1];
  if (series.some((each) => each.total > each.x.length) && cut !== null) above = chart.clip.above;
  if (shared.log && least < Infinity) {
    const factor = (Math.max(high, least) / least) ** PAD * 1.02;
    return { domain: [least / factor, Math.max(high, least) * factor], above, below, isLog: true };
  }
  const pad = (high - low || Math.abs(high) || 1) * PAD;
  const bottom = low >= 0 ? Math.max(0, low - pad) : low - pad;
  return { domain: [bottom, high + pad], above, below: 0, isLog: false };
}

/** Draw a chart into an SVG element and return its scales. */
function draw(svg, chart, board, shared, width) {
  const seen = visibleOf(chart, board, shared);
  const height = chart.height;
  const frame = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom };
  const [first, last] = seen.range;
  const x = scaleOf(first === last ? [first - 1, last + 1] : seen.range, [frame.left, frame.right]);
  const y = scaleOf(seen.domain, [frame.bottom, frame.top], seen.isLog);
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("height", height);
  const clip = `inside-${chart.id}`;
  const inside = make("g", { "clip-path": `url(#${clip})` });
  svg.replaceChildren(
    make("defs", {}, make("clipPath", { id: clip },
      make("rect", { x: frame.left, y: frame.top - 1, width: Math.max(frame.right - frame.left, 0), height: frame.bottom - frame.top + 2 }))),
    axes(chart, board, x, y, frame, width),
    inside,
  );
  inside.append(...backdrop(chart, board, shared, x, y, frame));
  for (const each of seen.series) inside.append(...bandAndDots(each, x, y));
  for (const each of seen.series) inside.append(...lineOf(each, x, y));
  svg.append(...marks(chart, board, seen, x, y, frame));
  return { x, y, frame, seen };
}

function axes(chart, board, x, y, frame, width) {
  const parts = [];
  for (const tick of y.ticks(chart.height > 240 ? 6 : 4)) {
    const at = y.at(tick);
    parts.push(make("line", { class: "grid", x1: frame.left, x2: frame.right, y1: at, y2: at }));
    parts.push(make("text", { class: "tick", x: frame.left - 8, y: at + 4, "text-anchor": "end" }, figure(tick)));
  }
  for (const tick of x.ticks(width > 560 ? 9 : 4)) {
    if (board.axis.whole && !Number.isInteger(tick)) continue;
    parts.push(make("text", { class: "tick", x: x.at(tick), y: frame.bottom + 16, "text-anchor": x.at(tick) > frame.right - 24 ? "end" : "middle" }, figure(tick)));
  }
  parts.push(make("line", { class: "base", x1: frame.left, x2: frame.right, y1: frame.bottom, y2: frame.bottom }));
  parts.push(make("text", { class: "name", x: frame.right, y: frame.bottom + 31, "text-anchor": "end" }, board.axis.title));
  return make("g", {}, ...parts);
}

function backdrop(chart, board, shared, x, y, frame) {
  const parts = [];
  const tall = { y: frame.top, height: frame.bottom - frame.top };
  const region = board.regions.find((each) => each.name === shared.region);
  if (region) {
    const [from, to] = [x.at(region.from), x.at(region.to)];
    parts.push(make("rect", { class: `region ${region.colour}`, x: from, width: Math.max(to - from, 2), ...tall }));
  }
  for (const epoch of board.epochs) {
    parts.push(make("line", { class: "epoch", x1: x.at(epoch), x2: x.at(epoch), y1: frame.top, y2: frame.bottom }));
  }
  for (const [level, words] of chart.limits) {
    const at = y.at(level);
    parts.push(make("line", { class: "limit", x1: frame.left, x2: frame.right, y1: at, y2: at }));
    parts.push(make("text", { class: "tick", x: frame.left + 4, y: at - 4 }, words));
  }
  if (board.advised !== null) {
    const at = x.at(board.advised);
    parts.push(make("line", { class: "advised", x1: at, x2: at, y1: frame.top, y2: frame.bottom, stroke: board.colours.accent }));
  }
  return parts;
}

/** Return the pixels of places and values as a path; nothing is drawn where a value is missing. */
function pathOf(xs, ys, x, y) {
  let [path, pen] = ["", "M"];
  for (let i = 0; i < xs.length; i += 1) {
    if (ys[i] === null || (y.isLog && ys[i] <= 0)) { pen = "M"; continue; }
    path += `${pen}${x.at(xs[i]).toFixed(1)},${y.at(ys[i]).toFixed(1)}`;
    pen = "L";
  }
  return path;
}

function bandAndDots(each, x, y) {
  const parts = [];
  if (each.band) {
    const floor = y.isLog ? y.low : -Infinity;
    const low = each.band.low.map((value) => Math.max(value, floor));
    const there = pathOf(each.line.x, each.band.high.map((value) => Math.max(value, floor)), x, y);
    const back = pathOf([...each.line.x].reverse(), low.reverse(), x, y);
    parts.push(make("path", { class: "band", d: `${there}${back.replace("M", "L")}Z`, fill: each.colour }));
  }
  if (each.total > each.x.length || each.path) {
    const dash = each.path ? each.dash.join(" ") : null;
    const role = each.path ? (each.total > each.x.length ? "raw alone dense" : "raw alone") : "raw";
    parts.push(make("path", { class: role, d: pathOf(...broken(each), x, y), stroke: each.colour, "stroke-dasharray": dash }));
  }
  if (each.total <= each.x.length) {
    let dots = "";
    for (let i = 0; i < each.x.length; i += 1) {
      if (y.isLog && each.y[i] <= 0) continue;
      dots += `M${x.at(each.x[i]).toFixed(1)},${y.at(each.y[i]).toFixed(1)}h0`;
    }
    parts.push(make("path", { class: each.x.length > MAX_DOTS ? "dots fine" : "dots", d: dots, stroke: each.colour }));
  }
  return parts;
}

/** Return a series' places and values with a hole wherever a row had no number. */
function broken(each) {
  if (!each.gaps.length) return [each.x, each.y];
  const rows = [...each.x.map((place, i) => [place, each.y[i]]), ...each.gaps.map((place) => [place, null])];
  rows.sort((a, b) => a[0] - b[0]);
  return [rows.map((row) => row[0]), rows.map((row) => row[1])];
}

function lineOf(each, x, y) {
  if (!each.line) return [];
  const path = pathOf(each.line.x, each.line.y, x, y);
  return [make("path", { class: "line", d: path, stroke: each.colour, "stroke-dasharray": each.dash.join(" ") || null })];
}

function marks(chart, board, seen, x, y, frame) {
  const parts = [];
  const within = (place) => place >= x.low && place <= x.high;
  for (const each of seen.series) {
    for (const place of each.gaps.filter(within)) parts.push(cross(x.at(place), frame.bottom - 5, each.colour));
    for (let i = 0; i < each.x.length; i += 1) {
      if (!within(each.x[i])) continue;
      if (y.isLog && each.y[i] <= 0) parts.push(triangle(x.at(each.x[i]), frame.bottom - 4, each.colour, "below", -1));
      else if (each.y[i] > y.high) parts.push(triangle(x.at(each.x[i]), frame.top + 3, each.colour, "above", 1));
    }
  }
  if (chart.series.length <= MANY && chart.height > SMALL) parts.push(...labels(seen, x, y, frame, within));
  for (const saved of board.saved.filter((each) => within(each.x))) {
    parts.push(make("path", { class: "saved", "data-step": saved.step, fill: board.colours.accent,
      d: `M${x.at(saved.x)},${frame.bottom - 11}l6,11h-12Z` }));
  }
  return parts;
}

/** Return the labels of what must not be overlooked: the best value, and the highest cut off. */
function labels(seen, x, y, frame, within) {
  const parts = [];
  const taken = [];
  const label = (text, place, level, colour, side) => {
    const right = x.at(place) > (frame.left + frame.right) / 2;
    let at = Math.min(Math.max(level + side * 15 + 4, frame.top + 12), frame.bottom - 14);
    let turn = side;
    while (taken.some(([a, b]) => Math.abs(a - x.at(place)) < 230 && Math.abs(b - at) < 13)) {
      if (at + turn * 13 < frame.top + 12 || at + turn * 13 > frame.bottom - 14) turn = -turn;
      at += turn * 13;
    }
    taken.push([x.at(place), at]);
    parts.push(make("text", { class: "label", x: x.at(place) + (right ? -8 : 8), y: at, "text-anchor": right ? "end" : "start", fill: colour }, text));
  };
  for (const each of seen.series) {
    const best = each.best;
    if (best && within(best.x) && !(y.isLog && best.y <= 0)) {
      const level = y.at(Math.min(best.y, y.high));
      parts.push(make("circle", { class: "best", cx: x.at(best.x), cy: level, r: 4.5, stroke: each.colour }));
      if (each === seen.series[0] || each === seen.series.at(-1)) label(`${best.word} ${figure(best.y)} · step ${figure(best.step)}`, best.x, level, each.colour, best.word === "lowest" ? 1 : -1);
    }
    let peak = -1;
    for (let i = 0; i < each.x.length; i += 1) {
      if (within(each.x[i]) && each.y[i] > y.high && (peak < 0 || each.y[i] > each.y[peak])) peak = i;
    }
    if (peak >= 0) label(`▲ ${figure(each.y[peak])} · step ${figure(each.step[peak])}`, each.x[peak], frame.top, each.colour, 1);
  }
  return parts;
}

function cross(at, level, colour) {
  return make("path", { class: "gap", d: `M${at - 3},${level - 3}l6,6m0,-6l-6,6`, stroke: colour });
}

function triangle(at, level, colour, role, side) {
  return make("path", { class: role, d: `M${at - 4},${level + side * 5}h8l-4,${-side * 7}Z`, fill: colour });
}
