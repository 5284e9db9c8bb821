"""The HTML report in a real browser: it opens without an error and without a request, its filters and links work."""

import html
import json
import re
import shutil
import subprocess

import pytest
from test_whole import whole  # noqa: F401  (a fixture)

from dualflow.compare.report import to_html

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium and no google-chrome is installed")

PROBE = """
const asked = [];
document.addEventListener("securitypolicyviolation", (event) => asked.push(event.blockedURI));
const shown = () => [...document.querySelectorAll("#faults details")].filter((fold) => fold.checkVisibility());
const faults = () => shown().filter((fold) => fold.id.startsWith("fault-")).map((fold) => fold.id);
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
    opened: [...document.querySelectorAll("details[open]")].map((fold) => fold.id).filter((id) => id),
    dangling: [...document.querySelectorAll("a[href^='#']")].map((a) => a.getAttribute("href").slice(1))
      .filter((id) => !document.getElementById(id)),
    nameless: [...document.querySelectorAll("svg:not([aria-hidden])")].filter((svg) => !svg.ariaLabel).length,
    charts: document.querySelectorAll("svg.curves").length,
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
  for (const name of ["class", "arm", "outcome"]) choose(name, "");
  found.again = faults();
  found.asked = asked;
  const told = document.createElement("output");
  told.id = "probed";
  told.textContent = JSON.stringify(found);
  document.body.append(told);
}, 50));
"""


def opened(page, tmp_path, fragment="", script=PROBE, size="1000,800"):
    """Open a page, with a script of the test's added to it, and return the document and what the console said."""
    digest = re.search(r"script-src '([^']+)'", page).group(1)
    page = page.replace(f"script-src '{digest}'", f"script-src '{digest}' 'nonce-probe'")
    page = page.replace("</body>", f'<script nonce="probe">{script}</script></body>')
    path = tmp_path / "report.html"
    path.write_text(page, encoding="utf-8")
    done = subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0", "--dump-dom",
         f"--window-size={size}", f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=2000",
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
    assert found["charts"] >= 1 and found["nameless"] == 0 and found["tables"] == found["charts"]
    assert found["labels"] and [name for name, *_ in found["options"]] == ["class", "arm", "outcome"]
    assert set(found["options"][2]) == {"outcome", "", "silence", "the guilty line first"}
    names = ["fault-transpose-forgotten", "fault-rate-baked-in", "fault-loss-changed"]
    assert found["all"] == found["again"] == names
    assert found["silent"] == names[1:] and found["silentInEager"] == names[2:] and found["none"] == []
    assert found["told"] == "1 of 3 shown"
    assert {"faults", "class-A", names[0], "run-transpose-forgotten-compiled-tools"} <= set(found["opened"])


def test_a_narrow_screen_scrolls_no_page_sideways(whole, tmp_path):  # noqa: F811
    dom, _ = opened(whole.html(), tmp_path, size="500,800")  # headless Chromium has no narrower window
    assert not probed(dom)["wide"]


def test_a_request_and_a_foreign_script_would_be_refused_and_seen(whole, tmp_path):  # noqa: F811
    page = to_html(whole.document()).replace(
        "<main>", '<main><img src="http://127.0.0.1:9/x.png" alt=""><script>document.title = "foreign"</script>'
    )
    dom, console = opened(page, tmp_path)
    assert len(console) == 2 and all("Content Security Policy" in line for line in console)
    assert "<title>foreign" not in dom and any("http://127.0.0.1:9/x.png" in line for line in console)


def test_without_a_script_everything_is_there(whole, tmp_path):  # noqa: F811
    page = re.sub(r"<script>.*?</script>", "", whole.html(), flags=re.DOTALL)
    dom, console = opened(page, tmp_path, script="")
    assert console == [] and "<form" not in dom
    assert dom.count("<details") == page.count("<details") and not re.search(r"<details[^>]* hidden", dom)
