// Stepper: the checkpoint slider. It moves the markers and the values in the browser, and tells
// the server only where it came to rest.

const REST = 160; // milliseconds without a key; a released pointer is at rest at once
const steppers = new WeakMap();

export default function (component) {
  const { parentElement, data, setStateValue } = component;
  const root = parentElement.querySelector(".stepper");
  const known = steppers.get(root);
  if (known?.run === data.run && known.same === data.same) {
    known.renew(data, setStateValue);
    return known.end;
  }
  known?.end();
  const stepper = mount(root, data, setStateValue);
  steppers.set(root, stepper);
  return stepper.end;
}

function mount(root, first, setStateValue) {
  let [data, send] = [first, setStateValue];
  const run = data.run;
  const shared = sharedOf(run);
  let sent = data.step;
  let timer = 0;
  const input = make("input", { type: "range", min: 0, max: Math.max(data.stops.length - 1, 0), step: 1, "aria-label": "Checkpoint" });
  const word = make("output", { class: "step" });
  const tiles = make("div", { class: "tiles", "aria-live": "off" });
  const ticks = make("div", { class: "ticks", "aria-hidden": "true" });
  const last = Math.max(data.stops.length - 1, 1);
  data.stops.forEach((stop, index) => {
    if (stop === data.advised || data.saved.includes(stop)) {
      ticks.append(make("i", { class: stop === data.advised ? "advised" : "saved", style: `left:${(100 * index) / last}%` }));
    }
  });
  const logged = make("p", { class: "logged" });
  const values = data.tiles.map((tile) => {
    const value = make("b", {});
    const note = make("small", {});
    tiles.append(make("div", { class: "tile", title: tile.help }, make("span", {}, tile.name), value, note));
    return { tile, value, note };
  });
  const show = (index) => {
    const stop = data.stops[index];
    input.value = index;
    word.textContent = `step ${figure(stop)}`;
    input.setAttribute("aria-valuetext", `step ${figure(stop)}`);
    values.forEach(({ tile, value, note }) => {
      value.textContent = tile.values[index];
      const [text, tone] = tile.notes?.[index] ?? ["", ""];
      note.textContent = text;
      note.className = tone;
    });
    logged.textContent = `Logged at step ${figure(stop)}: ${data.logged[index]}`;
    input.style.setProperty("--passed", `${(100 * index) / last}%`);
  };
  const settle = () => {
    const stop = data.stops[Number(input.value)];
    if (stop !== sent) { sent = stop; send("step", stop); }
  };
  const rest = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(settle, wait);
  };
  let held = false;
  const move = (index) => { show(index); tell(run, { step: data.stops[index] }); };
  input.addEventListener("input", () => { move(Number(input.value)); clearTimeout(timer); });
  input.addEventListener("pointerdown", () => { held = true; });
  input.addEventListener("keydown", () => { held = false; });
  input.addEventListener("change", () => { if (held) settle(); else rest(REST); });
  const ended = hear((about, change) => {
    if (about !== run || change.asked === undefined) return;
    move(nearestIn(data.stops, change.asked));
    settle();
  });
  const label = make("div", { class: "head" }, make("span", {}, "Checkpoint"), word, make("small", {}, "drag, or use the arrow keys"));
  root.replaceChildren(...(data.stops.length > 1 ? [label, make("div", { class: "track" }, ticks, input)] : []), tiles, logged);
  move(data.stops.indexOf(data.step));
  return {
    run, same: first.same,
    renew: (more, sender) => { [data, send] = [more, sender]; },
    end: () => { clearTimeout(timer); ended(); steppers.delete(root); },
  };
}
