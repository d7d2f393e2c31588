"""The running app in a browser that holds it to its policies."""

import urllib.parse

import httpx

from tests.support.browser import SECONDS, opened

TABS = ("Many", "Trade-off", "Face map", "Finders", "Zoo", "Compare")


def test_every_tab_works_under_the_pages_policy(browser, server):
    """What comes of a run, plotted, played and downloaded, is in test_compare_page.py, under the same policy."""
    with opened(browser, server) as page:
        assert "script-src 'self' 'unsafe-eval' 'sha256-" in httpx.get(server).headers["content-security-policy"]
        for tab in TABS:
            page.get_by_role("tab", name=tab).click()
            page.wait_for_timeout(0.5 * SECONDS)
        page.get_by_text("Use via API").click()
        page.wait_for_timeout(0.5 * SECONDS)
        # The API's page asks for a monitor, which is shut.
        assert [problem for problem in page.problems if "404 (Not Found)" not in problem] == []


def test_a_path_is_no_script(browser, server):
    script = urllib.parse.quote("</script><script>document.title='ran'</script>", safe="")
    for path in (f"mcp/{script}/gradio_api/mcp", f"mcp/{script}", f"file={script}", script):
        with opened(browser, f"{server}/gradio_api/{path}") as page:
            assert page.title() != "ran"
            assert page.locator("script").count() == 0
