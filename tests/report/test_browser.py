"""The HTML report in a real browser: it opens without an error and without a request, its filters and links work."""

import html
import itertools
import json
import re
import shutil
import subprocess

import pytest
from test_bundle import whole  # noqa: F401  (a fixture)

from dualflow.report import document, to_html

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium and no google-chrome is installed")

PROBE = """
const named = (prefix) => [...document.querySelectorAll(`[id^=${prefix}]`)].map((inside) => inside.parentElement)
  .filter((fold) => fold.checkVisibility()).map((fold) => fold.querySelector("[id]").id);
const faults = () => named("fault-");
function choose(name, value) {
  const choice = document.querySelector(`#faults select[name=${name}]`);
  choice.value = value;
  choice.dispatchEvent(new Event("change"));
}
addEventListener("load", () => setTimeout(() => {
  const found = {
    options: [...document.querySelectorAll("#faults select")].map((c) => [c.name, ...[...c].map((o) => o.value)]),
    labels: [...document.querySelectorAll("#faults select")].every((choice) => choice.labels.length === 1),
    all: faults(),
    opened: [...document.querySelectorAll("details[open] > [id]")].map((inside) => inside.id),
    dangling: [...document.querySelectorAll("a[href^='#']")].map((a) => a.getAttribute("href").slice(1))
      .filter((id) => !document.getElementById(id)),
    charts: document.querySelectorAll("svg.curves.wide").length,
    tables: document.querySelectorAll("figure table").length,
    wide: document.documentElement.scrollWidth > innerWidth,
    requests: performance.getEntriesByType("resource").map((entry) => entry.name),
    twice: [...document.querySelectorAll("[id]")].length - new Set([...document.querySelectorAll("[id]")]
      .map((element) => element.id)).size,
  };
  choose("outcome", "silence");
  found.silent = faults();
  choose("arm", "eager");
  found.silentInEager = faults();
  found.told = document.querySelector("#faults output").value;
  choose("class", "C confusion about the graph");
  found.none = faults();
  document.querySelector("a[href='#fault-rate-baked-in']").click();
  setTimeout(() => {
    found.again = faults();
    document.querySelector("a[href='#class-C'][data-choose$='arm=graph, compiled']").click();
    for (const fold of document.querySelectorAll("#class-C details")) fold.open = true;
    found.runs = named("run-");
    told(found);
  }, 50);
}, 50));
"""

TOLD = """
const asked = [];
document.addEventListener("securitypolicyviolation", (event) => asked.push(event.blockedURI));
function told(found) {
  const probed = document.createElement("output");
  probed.id = "probed";
  probed.textContent = JSON.stringify({ ...found, asked });
  document.body.append(probed);
}
"""

SEEN = """
const light = (color) => {
  const [r, g, b] = color.match(/[0-9.]+/g).map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
function contrast(element) {
  const style = getComputedStyle(element);
  let behind = element;
  while (behind.parentElement && getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)")
    behind = behind.parentElement;
  const ink = element.ownerSVGElement ? style.fill : style.color;
  const [a, b] = [light(ink), light(getComputedStyle(behind).backgroundColor)].sort((x, y) => x - y);
  return (b + 0.05) / (a + 0.05);
}
function wrapped(cell) {
  const range = document.createRange();
  range.selectNodeContents(cell);
  return range.getBoundingClientRect().height > 1.7 * parseFloat(getComputedStyle(cell).lineHeight);
}
addEventListener("load", () => setTimeout(() => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  setTimeout(() => {
    const every = (selector) => [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());
    const texts = every("main *").filter((element) =>
      element.tagName !== "OPTION" && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
    const boxes = every(".scroll, pre");
    told({
      dark: matchMedia("(prefers-color-scheme: dark)").matches,
      texts: texts.length,
      faint: texts.filter((element) => contrast(element) < 4.5).map((element) => element.outerHTML.slice(0, 200)),
      small: every("svg text").filter((text) => text.getBoundingClientRect().height < 12).map((text) => text.innerHTML),
      stops: boxes.filter((box) => (box.tabIndex === 0) !== (box.scrollWidth > box.clientWidth)).length,
      scrolling: boxes.filter((box) => box.tabIndex === 0).length,
      nameless: every("svg[role=img], select, nav, form, pre").filter((element) => !element.computedName)
        .map((element) => element.outerHTML.slice(0, 200)),
      headers: every("th").filter((cell) => !cell.textContent.trim() || !cell.scope).map((cell) => cell.outerHTML),
      levels: every("h1, h2, h3").map((heading) => +heading.tagName[1]),
      landmarks: ["main", "nav", "form"].map((name) => every(name).length),
      broken: every("table:not(.facts) td").filter((cell) => cell.textContent.length < 30 && wrapped(cell))
        .map((cell) => cell.textContent),
      charts: every("svg.curves").map((svg) => svg.getAttribute("class")),
      wide: document.documentElement.scrollWidth > innerWidth,
    });
  }, 100);
}, 50));
"""


def opened(page, tmp_path, fragment="", script=PROBE, size="1000,800", *flags):
    """Open a page, with a script of the test's added to it, and return the document and what the console said."""
    script = TOLD + script if script else ""
    digest = re.search(r"script-src '([^']+)'", page).group(1)
    page = page.replace(f"script-src '{digest}'", f"script-src '{digest}' 'nonce-probe'")
    page = page.replace("</body>", f'<script nonce="probe">{script}</script></body>')
    path = tmp_path / "report.html"
    path.write_text(page, encoding="utf-8")
    done = subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0", "--dump-dom",
         f"--window-size={size}", f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=2000",
         "--enable-blink-features=ComputedAccessibilityInfo", *flags,
         f"{path.as_uri()}{fragment}"],
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=True,
    )  # fmt: skip
    return done.stdout, re.findall(r"CONSOLE.*", done.stderr)


def probed(dom):
    return json.loads(html.unescape(re.search(r'<output id="probed">(.*?)</output>', dom, re.DOTALL).group(1)))


def test_the_report_opens_filters_and_links_without_an_error_or_a_request(whole, tmp_path):  # noqa: F811
    dom, console = opened(whole.html(), tmp_path, "#run-transpose-forgotten-compiled-tools")
    found = probed(dom)
    assert console == [] and found["requests"] == [] and found["asked"] == []
    assert found["dangling"] == [] and found["twice"] == 0 and not found["wide"]
    assert found["charts"] >= 1 and found["tables"] == found["charts"]
    assert found["labels"] and [name for name, *_ in found["options"]] == ["class", "arm", "outcome"]
    assert set(found["options"][2]) == {"outcome", "", "silence", "the guilty line first"}
    names = ["fault-transpose-forgotten", "fault-rate-baked-in", "fault-loss-changed"]
    assert found["all"] == found["again"] == names
    assert found["silent"] == names[1:] and found["silentInEager"] == names[2:] and found["none"] == []
    assert found["told"] == "1 of 3 shown"
    assert found["runs"] == ["run-rate-baked-in-compiled"]  # a class's cell shows the runs of its arm
    assert {"faults", "class-A", names[0], "run-transpose-forgotten-compiled-tools"} <= set(found["opened"])


# Headless Chromium has no window narrower than 500.
@pytest.mark.parametrize(("scheme", "size"), [("light", "1000,800"), ("dark", "1000,800"), ("light", "500,800")])
def test_it_can_be_seen_heard_and_reached(whole, tmp_path, scheme, size):  # noqa: F811
    number = {"dark": 0, "light": 1}[scheme]
    dom, _ = opened(whole.html(), tmp_path, "", SEEN, size, f"--blink-settings=preferredColorScheme={number}")
    found = probed(dom)
    assert found["dark"] == (scheme == "dark") and found["texts"] > 100
    assert found["faint"] == [] and found["small"] == [] and found["nameless"] == []
    assert found["headers"] == [] and found["landmarks"] == [1, 1, 1]
    assert found["levels"][0] == 1 and found["levels"].count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(found["levels"]))
    assert found["stops"] == 0 and found["broken"] == [] and not found["wide"]
    narrow = size == "500,800"
    assert set(found["charts"]) == {f"curves {'narrow' if narrow else 'wide'}"} and found["scrolling"] >= narrow


def test_a_request_and_a_foreign_script_would_be_refused_and_seen(whole, tmp_path):  # noqa: F811
    page = to_html(document(whole)).replace(
        "<main>", '<main><img src="http://127.0.0.1:9/x.png" alt=""><script>document.title = "foreign"</script>'
    )
    dom, console = opened(page, tmp_path)
    assert len(console) == 2 and all("Content Security Policy" in line for line in console)
    assert "<title>foreign" not in dom and any("http://127.0.0.1:9/x.png" in line for line in console)


def test_without_a_script_everything_is_there_and_a_link_opens_what_it_leads_to(whole, tmp_path):  # noqa: F811
    page = re.sub(r"<script>.*?</script>", "", whole.html(), flags=re.DOTALL)
    anchor = "run-transpose-forgotten-compiled-tools"
    dom, console = opened(page, tmp_path, f"#{anchor}", script="")
    assert console == [] and "<form" not in dom
    assert dom.count("<details") == page.count("<details") and not re.search(r"<details[^>]* hidden", dom)
    before = dom[: dom.index(f'id="{anchor}"')]
    assert " open" in re.findall(r"<details[^>]*>", before)[-1], "the run itself"
    assert re.search(r"<details[^>]* open[^>]*><summary>transpose-forgotten", dom), "the fault that it is of"
    assert not re.search(r"<details[^>]* open[^>]*><summary>loss-changed", dom)
