// Pointing: what follows the pointer and the slider, over the picture of one chart.

const NEAR = 5; // pixels: a shorter drag is a click
const NEAR_MARK = 12; // pixels from a saved checkpoint within which a click means it

/** Return the layer over a chart: it moves the markers and answers the pointer. */
function layerOver(chart, board, run, picture, place) {
  const cross = make("g", { class: "crosshair", visibility: "hidden" });
  const chosen = make("g", { class: "chosen", visibility: "hidden" });
  const brush = make("rect", { class: "brush", visibility: "hidden" });
  const card = make("div", { class: "card", hidden: true });
  const shared = sharedOf(run);
  let scales = null;
  let start = null;

  const markAt = (group, at, values, label) => {
    const { x, y, frame } = scales;
    if (at === null || at < x.low || at > x.high) { group.setAttribute("visibility", "hidden"); return; }
    const dots = values.filter(([, value]) => value !== null && !(y.isLog && value <= 0)).map(([each, value]) =>
      make("circle", { cx: 0, cy: Math.min(Math.max(y.at(value), frame.top), frame.bottom), r: 5, fill: each.colour }));
    const right = x.at(at) > (frame.left + frame.right) / 2;
    const text = label ? make("text", { x: right ? -6 : 6, y: frame.top - 6, "text-anchor": right ? "end" : "start" }, label) : null;
    group.replaceChildren(make("line", { x1: 0, x2: 0, y1: frame.top - (label ? 12 : 0), y2: frame.bottom }), ...dots, ...(text ? [text] : []));
    group.setAttribute("transform", `translate(${x.at(at)},0)`);
    group.setAttribute("visibility", "visible");
  };
  const valueOf = (each, at) => {
    if (each.line) { const on = onLine(each.line.x, each.line.y, at); if (on !== null) return on; }
    const index = nearestIn(each.x, at);
    return index >= 0 && Math.abs(each.x[index] - at) < 1e-9 * (1 + Math.abs(at)) ? each.y[index] : null;
  };
  const moveChosen = () => {
    if (!scales || shared.step === null) return;
    const at = onLine(board.knots[0], board.knots[1], shared.step);
    markAt(chosen, at, scales.seen.series.map((each) => [each, valueOf(each, at)]), `step ${figure(shared.step)}`);
  };
  const moveCross = () => {
    if (!scales) return;
    const hover = shared.hover;
    markAt(cross, hover && hover.x, hover ? scales.seen.series.map((each) => [each, each.y[indexNear(each, hover.x)] ?? null]) : []);
    card.hidden = !(hover && hover.chart === chart.id);
    if (!card.hidden) fillCard(card, chart, board, scales, hover, place);
  };
  const indexNear = (each, at) => {
    const index = nearestIn(each.x, at);
    const reach = (scales.x.high - scales.x.low) * 0.01;
    return index >= 0 && Math.abs(each.x[index] - at) <= reach ? index : -1;
  };
  const pixel = (event) => {
    const box = picture.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const held = (value) => Math.min(Math.max(value, scales.frame.left), scales.frame.right);
  const closest = (at) => {
    let best = null;
    for (const each of scales.seen.series) {
      const index = nearestIn(each.x, at);
      if (index >= 0 && (best === null || Math.abs(each.x[index] - at) < Math.abs(best - at))) best = each.x[index];
    }
    return best;
  };
  const over = (event) => {
    const [px, py] = pixel(event);
    if (start !== null) {
      const [from, to] = [Math.min(start, held(px)), Math.max(start, held(px))];
      brush.setAttribute("visibility", to - from > NEAR ? "visible" : "hidden");
      for (const [name, value] of Object.entries({ x: from, width: to - from, y: scales.frame.top, height: scales.frame.bottom - scales.frame.top })) brush.setAttribute(name, value);
    }
    if (px < scales.frame.left || px > scales.frame.right) { out(); return; }
    const at = closest(scales.x.back(px));
    if (at !== null) tell(run, { hover: { x: at, chart: chart.id, py } });
  };
  const out = () => tell(run, { hover: null });
  const down = (event) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    start = held(pixel(event)[0]);
    picture.setPointerCapture(event.pointerId);
  };
  const up = (event) => {
    if (start === null) return;
    const [from, end] = [start, held(pixel(event)[0])];
    start = null;
    brush.setAttribute("visibility", "hidden");
    if (Math.abs(end - from) > NEAR) {
      tell(run, { span: [scales.x.back(Math.min(from, end)), scales.x.back(Math.max(from, end))] });
    }
  };
  const click = (event) => {
    const [px] = pixel(event);
    const mark = board.saved.map((each) => [Math.abs(scales.x.at(each.x) - px), each.step]).sort((a, b) => a[0] - b[0])[0];
    if (event.target.classList.contains("saved") || (mark && mark[0] <= NEAR_MARK)) tell(run, { asked: mark[1] });
  };
  picture.addEventListener("pointermove", over);
  picture.addEventListener("pointerleave", out);
  picture.addEventListener("pointerdown", down);
  picture.addEventListener("pointerup", up);
  picture.addEventListener("click", click);
  picture.addEventListener("dblclick", () => tell(run, { span: null }));
  return {
    card,
    place: (drawn) => { scales = drawn; picture.append(brush, cross, chosen); moveChosen(); moveCross(); },
    moveChosen, moveCross,
  };
}

/** Write raw and drawn values at the pointer into the card, nearest series first. */
function fillCard(card, chart, board, { x, y, frame, seen }, hover, place) {
  const rows = [];
  let step = null;
  for (const each of seen.series) {
    const index = nearestIn(each.x, hover.x);
    if (index < 0) continue;
    const exact = Math.abs(each.x[index] - hover.x) < 1e-9 * (1 + Math.abs(hover.x));
    if (exact) step = each.step[index];
    const drawn = each.line ? onLine(each.line.x, each.line.y, hover.x) : null;
    if (!exact && drawn === null) continue;
    const level = exact ? each.y[index] : drawn;
    rows.push([Math.abs(y.at(Math.max(level, y.low)) - hover.py), each, exact ? each.y[index] : null, drawn]);
  }
  rows.sort((a, b) => a[0] - b[0]);
  const epoch = step !== null && board.perEpoch ? onLine(board.perEpoch[0], board.perEpoch[1], step) : null;
  const saved = board.saved.find((each) => each.step === step);
  const head = [step === null ? `${board.axis.title} ${figure(hover.x)}` : `Step ${figure(step)}`];
  if (epoch !== null) head.push(`epoch ${figure(Number(epoch.toFixed(2)))}`);
  if (saved) head.push("saved: click selects");
  card.replaceChildren(
    make("strong", {}, head.join(" · ")),
    ...rows.map(([, each, raw, drawn]) => make("div", {},
      make("i", { style: `background:${each.colour}` }),
      `${each.name}: `, ...(raw === null ? [] : [make("b", {}, figure(raw)), drawn === null ? "" : ", "]),
      drawn === null ? "" : `line ${figure(drawn)}`)),
  );
  const right = x.at(hover.x) > (frame.left + frame.right) / 2;
  card.style.left = right ? "auto" : `${x.at(hover.x) + 14}px`;
  card.style.right = right ? `${place.clientWidth - x.at(hover.x) + 14}px` : "auto";
  card.style.top = `${frame.top + 6}px`;
}
