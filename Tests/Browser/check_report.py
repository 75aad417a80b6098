"""Looks at reports with Debian's Chromium: called by scripts/check-report."""

import argparse
import base64
import concurrent.futures
import json
import pathlib
import shutil
import sys
import tempfile
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

import cases

SIZES = {1280: 900, 390: 844}
MAX_BYTES = 2_000_000

GEOMETRY = """
const wide = document.documentElement.clientWidth;
const seen = [];
for (const text of document.querySelectorAll('.picture text')) {
  const box = text.getBoundingClientRect();
  if (!box.width) continue;
  if (box.left < -1 || box.right > wide + 1) seen.push(text.textContent.slice(0, 60));
}
const outside = [];
for (const element of document.querySelectorAll('section *')) {
  if (element.closest('svg') || element.closest('.log')) continue;
  const box = element.getBoundingClientRect();
  if (box.width && box.right > wide + 1) outside.push(element.tagName + ' ' + element.textContent.slice(0, 40));
}
return {
  scroll: document.documentElement.scrollWidth, client: wide, texts: seen.slice(0, 5), outside: outside.slice(0, 5),
  sections: [...document.querySelectorAll('section[id]')].map(s => s.id),
  links: [...document.querySelectorAll('nav a')].map(a => a.hash.slice(1)),
  scripts: document.scripts.length, lang: document.documentElement.lang, title: document.title,
  empty: [...document.querySelectorAll('section h2, section h3, section dt')].filter(e => !e.textContent.trim()).length,
};
"""


def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for word in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage",
        "--disable-background-networking", "--disable-component-update", "--no-first-run", "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND",
    ):  # fmt: skip
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    driver.set_page_load_timeout(60)
    driver.set_script_timeout(120)
    return driver


def view(driver, width, scheme):
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": SIZES[width], "deviceScaleFactor": 1, "mobile": False})  # fmt: skip
    driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})


def shoot(driver, path):
    size = driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
    clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 12_000), "scale": 1}
    image = driver.execute_cdp_cmd(
        "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True, "clip": clip})
    path.write_bytes(base64.b64decode(image["data"]))


def requests(driver, own):
    """Addresses that the page asked for, but for itself."""
    asked = []
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            url = message["params"]["request"]["url"]
            if url != own and not url.startswith("data:"):
                asked.append(url)
    return asked


def check(driver, name, page, axe, shots):
    problems = []
    if page.stat().st_size > MAX_BYTES:
        problems.append(f"{page.stat().st_size} bytes")
    url = page.as_uri()
    view(driver, 1280, "light")
    driver.get(url)
    for width in SIZES:
        for scheme in ("light", "dark"):
            view(driver, width, scheme)
            facts = driver.execute_script(GEOMETRY)
            here = f"{width} {scheme}"
            if facts["scroll"] > facts["client"]:
                problems.append(f"{here}: {facts['scroll']} px wide")
            # Of a hostile name a drawing may show the beginning alone.
            if facts["texts"] and not name.startswith("hostile"):
                problems.append(f"{here}: letters outside of the page: {facts['texts']}")
            if facts["outside"]:
                problems.append(f"{here}: outside of the page: {facts['outside']}")
            shoot(driver, shots / f"{name}-{width}-{scheme}.png")
            # Each scheme and each width once; of the page with everything on it one of them, it takes long.
            if (width, scheme) not in ((1280, "light"), (390, "dark")) or (name.startswith("hostile-many") and width < 1280):
                continue
            driver.execute_script(axe)
            result = driver.execute_async_script(
                "const done = arguments[arguments.length - 1];"
                "axe.run(document, {resultTypes: ['violations']})"
                ".then(r => done(r.violations.map(v => [v.id, v.impact, v.nodes.slice(0, 3)"
                ".map(n => n.html.slice(0, 120))])), e => done([['axe', String(e), []]]))")
            problems += [f"{here}: axe {rule} ({impact}): {nodes}" for rule, impact, nodes in result]
    needed = {"verdict", "request", "checklist", "items", "redaction", "origin"}
    if not needed <= set(facts["sections"]):
        problems.append(f"sections missing: {needed - set(facts['sections'])}")
    if facts["links"] != [s for s in facts["links"] if s in facts["sections"]] or not facts["links"]:
        problems.append(f"links without a section: {set(facts['links']) - set(facts['sections'])}")
    if facts["scripts"] or facts["empty"] or facts["title"] == "EVIL":
        problems.append(f"scripts {facts['scripts']}, empty headings {facts['empty']}, title {facts['title'][:60]!r}")
    if not name.endswith(facts["lang"]):
        problems.append(f"language {facts['lang']}")
    asked = requests(driver, url)
    if asked:
        problems.append(f"asked for {asked[:3]}")
    said = [entry["message"][:200] for entry in driver.get_log("browser")]
    if said:
        problems.append(f"console: {said[:3]}")
    return problems, set(facts["sections"])


def check_some(names, pages, axe, shots):
    """One browser's share of the pages."""
    driver = browser()
    failed = 0
    seen = set()
    try:
        for name in names:
            problems, sections = check(driver, name, pages[name], axe, shots)
            seen |= sections
            failed += bool(problems)
            text = "".join(f"\n    {problem}" for problem in problems)
            print(f"{'FAILED' if problems else 'ok'}  {name}{text}", flush=True)
    finally:
        driver.quit()
    return failed, seen


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--axe", type=pathlib.Path, required=True)
    parser.add_argument("--shots", type=pathlib.Path, required=True)
    parser.add_argument("--cases", type=int, default=30)
    arguments = parser.parse_args()
    shutil.rmtree(arguments.shots, ignore_errors=True)
    arguments.shots.mkdir(parents=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="apigee-report-") as work:
        work = pathlib.Path(work)
        bundles = cases.collect_all(arguments.bin, arguments.cases, work)
        bundles |= cases.hostile_cases(bundles["issuer-not-accepted"], work)
        print(f"{len(bundles)} bundles after {time.monotonic() - started:.0f} s", flush=True)
        pages = cases.write_reports(arguments.bin, bundles, arguments.shots)
        axe = arguments.axe.read_text()
        names = sorted(pages)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            halves = [pool.submit(check_some, names[k::2], pages, axe, arguments.shots) for k in (0, 1)]
            results = [half.result() for half in halves]
        failed = sum(result[0] for result in results)
        seen = set().union(*(result[1] for result in results))
    # Every section of the page was there at least once.
    every = {"missing", "cut", "handshake", "certificates", "timeline", "trace", "tried", "toollog"}
    if arguments.cases >= 30 and not every <= seen:
        failed += 1
        print(f"FAILED  never seen: {every - seen}")
    print(f"{len(pages)} pages, {failed} failed, {time.monotonic() - started:.0f} s, screenshots in {arguments.shots}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
