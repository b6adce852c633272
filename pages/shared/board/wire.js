// Wire: what the charts and the slider of one page tell each other, without the server.
// Both run in the same document but as separate modules, so they meet on globalThis.

const wire = (globalThis.goldilocksWire ??= {
  runs: new Map(),
  listeners: new Set(),
});

/** Return what is shared about a run: chosen step, pointer, zoom, hidden series, scale. */
function sharedOf(run) {
  if (!wire.runs.has(run)) {
    wire.runs.set(run, { step: null, hover: null, span: null, hidden: new Set(), log: false, clip: true, region: null });
  }
  return wire.runs.get(run);
}

/** Change what is shared about a run and tell everyone who listens. */
function tell(run, change) {
  Object.assign(sharedOf(run), change);
  for (const listen of [...wire.listeners]) listen(run, change);
}

/** Listen to changes; the function returned ends it. */
function hear(listener) {
  wire.listeners.add(listener);
  return () => wire.listeners.delete(listener);
}

/** Return an element of HTML or SVG with attributes and children; text is never markup. */
function make(name, attributes = {}, ...children) {
  const space = SVG_NAMES.has(name) ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml";
  const element = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const SVG_NAMES = new Set(["svg", "g", "path", "line", "rect", "circle", "text", "clipPath", "defs", "title", "desc"]);
