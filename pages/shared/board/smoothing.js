// Smoothing: the lines of pages/shared/smoothing.py, drawn while a control moves. Only a series of
// which every reading is here can be smoothed here: thinned readings would give another line.

/** Return TensorBoard's exponential moving average of finite readings, its start corrected for bias. */
function ema(values, weight) {
  let [sum, all] = [0, 0];
  return values.map((value) => {
    sum = weight * sum + value;
    all = weight * all + 1;
    return sum / all;
  });
}

/** Return the mean of the readings within a distance of each place, and how many those are. */
function windowOf(places, values, half) {
  const [means, counts] = [[], []];
  let [first, after, sum] = [0, 0, 0];
  for (const place of places) {
    while (after < places.length && places[after] <= place + half) { sum += values[after]; after += 1; }
    while (places[first] < place - half) { sum -= values[first]; first += 1; }
    means.push(sum / (after - first));
    counts.push(after - first);
  }
  return { means, counts };
}

/** Smooth every series that is wholly here as a look wants it. */
function smooth(board, look) {
  const half = look.width * (board.range[1] - board.range[0]);
  for (const each of board.charts.flatMap((chart) => chart.series)) {
    each.averaged = null;
    if (!each.whole) continue;
    if (look.line === "ema") {
      each.line = { x: each.x, y: ema(each.y, look.weight) };
      each.averaged = (1 + look.weight) / (1 - look.weight);
    } else {
      const { means, counts } = windowOf(each.x, each.y, half);
      each.line = { x: each.x, y: means };
      each.averaged = counts.sort((a, b) => a - b)[counts.length >> 1];
    }
  }
}

/** Say how many readings a line averages. */
function averagedWords(board) {
  const count = board.charts.flatMap((chart) => chart.series).map((each) => each.averaged).find((number) => number);
  return count ? `averages about ${figure(Number(count.toPrecision(3)))} reading${count === 1 ? "" : "s"}` : "";
}
