"""Times in a real browser, by the page's own clock."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

SIZE = {"width": 1440, "height": 900}

# Looks through shadow roots every few milliseconds; times are of the page's own clock.
WATCH = """
window.findAll = query => [document, ...[...document.querySelectorAll(
  '[data-testid=stBidiComponentIsolated]')].map(each => each.shadowRoot).filter(Boolean)]
  .flatMap(root => [...root.querySelectorAll(query)]);
window.until = test => new Promise(done => {
  const look = () => { let found = false;
    try { found = test(); } catch { found = false; }
    if (found) requestAnimationFrame(() => done(performance.now())); else setTimeout(look, 4); };
  look();
});
"""
VERDICT = "findAll('[data-testid=stHeading]').some(each => each.innerText.length > 10)"
CHART = "findAll('.picture .line').length > 0"
DRAWING = f"document.querySelector('.st-key-still img')?.naturalHeight > 0 || {CHART}"
TITLE = "document.querySelector('h1')?.innerText === 'Empty'"
JUDGED = r"[...document.querySelectorAll('button')].some(each => /\bOpen$/.test(each.innerText))"
PEER = "document.querySelectorAll('line-chart line-chart-grid-view line').length > 0"
# TensorBoard then draws with SVG, as it does without WebGL; on a canvas it could not be seen.
NO_WEBGL = """
for (const kind of [HTMLCanvasElement, OffscreenCanvas]) {
  const get = kind.prototype.getContext;
  kind.prototype.getContext = function (name, ...more) {
    return /webgl/.test(name) ? null : get.call(this, name, ...more); };
}
"""
STROKES = """
window.strokeAt = 0;
const stroke = CanvasRenderingContext2D.prototype.stroke;
CanvasRenderingContext2D.prototype.stroke = function (...path) {
  window.strokeAt = performance.now();
  return stroke.apply(this, path); };
"""


@contextlib.contextmanager
def page_at(browser: Browser, url: str, *scripts: str) -> Iterator[Page]:
    """Open an address in a fresh context, after scripts of ours."""
    context: BrowserContext = browser.new_context(viewport=SIZE)
    for script in (WATCH, *scripts):
        context.add_init_script(script)
    page = context.new_page()
    page.set_default_timeout(120_000)
    try:
        page.goto(url, wait_until="commit")
        yield page
    finally:
        context.close()


def opened(browser: Browser, url: str, *tests: str) -> list[float]:
    """Return the seconds from the page's first byte until each test holds."""
    waits = ", ".join(f"until(() => {test})" for test in tests)
    with page_at(browser, url) as page:
        milliseconds: list[float] = page.evaluate(f"Promise.all([{waits}])")
        return [each / 1000 for each in milliseconds]


def bytes_of(browser: Browser, url: str) -> float:
    """Return the MB that reach the browser until the charts stand: files and messages."""
    context = browser.new_context(viewport=SIZE)
    context.add_init_script(WATCH)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.on("websocket", lambda socket: socket.on(
        "framereceived", lambda data: sizes.append(len(data))))  # fmt: skip
    page.goto(url)
    page.evaluate(f"until(() => {CHART})")
    page.wait_for_timeout(1_500)
    context.close()
    return sum(sizes) / 1e6


def key_to_marker(page: Page) -> float:
    """Return the seconds from a key on the slider until markers and values are painted."""
    page.evaluate(
        """() => { const input = findAll('.stepper input')[0]; input.focus();
          window.moved = new Promise(done => input.addEventListener('keydown', event => {
            const before = findAll('.picture .chosen')[0].textContent;
            const from = event.timeStamp;
            const look = () => {
              if (findAll('.picture .chosen')[0].textContent !== before)
                requestAnimationFrame(() => done(performance.now() - from));
              else queueMicrotask(() => setTimeout(look, 0)); };
            setTimeout(look, 0); }, { once: true })); }"""
    )
    page.keyboard.press("ArrowLeft")
    seconds: float = page.evaluate("window.moved") / 1000
    page.wait_for_timeout(700)
    return seconds


def release_to_verdict(page: Page, order: int) -> float:
    """Return the seconds from letting the slider go until the verdict at its step stands."""
    box = page.locator(".stepper input").bounding_box()
    assert box is not None
    level, share = box["y"] + box["height"] / 2, 0.15 + 0.12 * order
    page.evaluate(
        """() => { const verdicts = () => findAll('[data-testid=stCaptionContainer]')
              .map(each => each.innerText).join();
          const before = verdicts();
          const input = findAll('.stepper input')[0];
          window.judged = new Promise(done => input.addEventListener('pointerup', event =>
            until(() => verdicts() !== before).then(now => done(now - event.timeStamp)),
            { once: true })); }"""
    )
    page.mouse.move(box["x"] + box["width"] * share, level)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * (share + 0.06), level, steps=5)
    page.mouse.up()
    seconds: float = page.evaluate("window.judged") / 1000
    page.wait_for_timeout(400)
    return seconds


def smoothing(page: Page, weight: float) -> float:
    """Return the seconds from another smoothing until the line is drawn anew."""
    milliseconds: float = page.evaluate(
        """async weight => { const line = () => findAll('.picture .line')[0].getAttribute('d');
          const input = findAll('.strength input')[0]; const before = line();
          const from = performance.now();
          input.value = weight; input.dispatchEvent(new Event('input', { bubbles: true }));
          return await until(() => line() !== before) - from; }""",
        weight,
    )
    page.wait_for_timeout(400)
    return milliseconds / 1000


def peer_smoothing(page: Page, weight: float) -> float:
    """Return the same of TensorBoard."""
    milliseconds: float = page.evaluate(
        """async weight => { const lines = () => [...document.querySelectorAll('line-chart path')]
              .map(each => each.getAttribute('d')).join();
          const input = document.querySelector('input[type=number][max="0.999"]');
          const before = lines(); const from = performance.now();
          input.value = weight; input.dispatchEvent(new Event('input', { bubbles: true }));
          return await Promise.race([until(() => lines() !== before),
            new Promise(done => setTimeout(() => done(Infinity), 8000))]) - from; }""",
        weight,
    )
    page.wait_for_timeout(400)
    return milliseconds / 1000


def canvas_smoothing(browser: Browser, url: str) -> list[float]:
    """Return the seconds from another smoothing until Trackio draws the next stroke, five times."""
    with page_at(browser, url, STROKES) as page:
        page.wait_for_selector(".vega-embed canvas")
        page.wait_for_timeout(3_000)
        taken = []
        for percent in (30, 50, 70, 80, 90):
            milliseconds: float = page.evaluate(
                """async percent => { const input = document.querySelector('input[type=range]');
                  const from = performance.now(); input.value = percent;
                  for (const name of ['input', 'change'])
                    input.dispatchEvent(new Event(name, { bubbles: true }));
                  return await until(() => window.strokeAt > from) - from; }""",
                percent,
            )
            taken.append(milliseconds / 1000)
            page.wait_for_timeout(800)
        return taken


def uploaded(browser: Browser, url: str, path: Path) -> float:
    """Return the seconds from the end of a file's upload until its run stands judged."""
    with page_at(browser, url) as page:
        page.locator("input[type=file]").wait_for(state="attached")
        page.set_input_files("input[type=file]", path)
        milliseconds: float = page.evaluate(
            f"""async () => {{ const judged = await until(() => {JUDGED});
              const files = performance.getEntriesByType('resource')
                .filter(each => each.name.includes('upload_file'));
              return judged - files.at(-1).responseEnd; }}"""
        )
        return milliseconds / 1000


def text_rerun(page: Page) -> float:
    """Return the seconds from a key on a Streamlit slider until its fragment's text changes."""
    page.evaluate(
        """() => { const words = () => document.querySelector('[data-testid=stMarkdown]').innerText;
          const before = words();
          window.told = new Promise(done => document.addEventListener('keydown', event =>
            until(() => words() !== before).then(now => done(now - event.timeStamp)),
            { once: true, capture: true })); }"""
    )
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    seconds: float = page.evaluate("window.told") / 1000
    page.wait_for_timeout(400)
    return seconds
