// Scales: numbers to pixels, round ticks, and numbers as text.

const DIGITS = 4; // significant digits of every number shown

/** Return a number to four significant digits. */
function figure(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return value.toLocaleString("en-US");
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(DIGITS - 1);
  const rounded = Number(value.toPrecision(DIGITS));
  return size >= 1000 ? rounded.toLocaleString("en-US") : String(rounded);
}

/** Return a scale: position of a value, value at a position, and its ticks. */
function scaleOf([low, high], [from, to], isLog = false) {
  const turn = isLog ? Math.log10 : (value) => value;
  const back = isLog ? (value) => 10 ** value : (value) => value;
  const [a, b] = [turn(low), turn(high)];
  const span = b - a || 1;
  return {
    low, high, isLog,
    at: (value) => from + ((turn(value) - a) / span) * (to - from),
    back: (pixel) => back(a + ((pixel - from) / (to - from || 1)) * span),
    ticks: (count) => (isLog ? logTicks(low, high, count) : roundTicks(low, high, count)),
  };
}

function roundTicks(low, high, count) {
  const rough = (high - low || 1) / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const stride = [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => step >= rough * 0.999);
  const ticks = [];
  for (let index = Math.ceil(low / stride - 1e-9); index * stride <= high + stride * 1e-9; index += 1) {
    ticks.push(Number((index * stride).toPrecision(12)));
  }
  return ticks;
}

function logTicks(low, high, count) {
  const decades = Math.log10(high / low);
  if (decades < 1) return roundTicks(low, high, count).filter((tick) => tick > 0);
  const ticks = [];
  const steps = decades > 3 ? [1] : [1, 2, 5];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
    for (const step of steps) {
      const tick = Number((step * 10 ** power).toPrecision(12));
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  const stride = Math.ceil(ticks.length / Math.max(count, 1));
  return ticks.filter((_, index) => index % stride === 0);
}

/** Return the place in an ascending list that is nearest to a value; -1 in an empty one. */
function nearestIn(list, value) {
  if (!list.length) return -1;
  let [low, high] = [0, list.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (list[middle] <= value) low = middle;
    else high = middle;
  }
  return Math.abs(list[low] - value) <= Math.abs(list[high] - value) ? low : high;
}

/** Return the value on the line through ascending places; null outside of them. */
function onLine(places, values, place) {
  const last = places.length - 1;
  if (last < 0 || place < places[0] || place > places[last]) return null;
  if (last === 0) return values[0];
  let right = nearestIn(places, place);
  if (places[right] < place) right += 1;
  if (right === 0) return values[0];
  const share = (place - places[right - 1]) / (places[right] - places[right - 1] || 1);
  return values[right - 1] + share * (values[right] - values[right - 1]);
}
