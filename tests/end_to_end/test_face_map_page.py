"""The Face map tab in headless Chromium."""

import gradio as gr
import pytest
from playwright.sync_api import Page, expect

from explorer.face_map.mapping import map_faces
from explorer.pages import face_map
from explorer.pages.components.kept import kept, restored_report
from explorer.plots.face_map import face_map_figure
from model_zoo.manifest import RELEASE
from model_zoo.zoo import BUNDLED, Zoo
from tests.support.browser import SECONDS

ZOO = Zoo(RELEASE, BUNDLED, "0" * 64)


@pytest.fixture
def lay_out(face_report):
    return lambda: face_map.build_page(ZOO, gr.State(kept(face_report)))


# Where the last trace's first point is on the page: its data through the scene's matrices (column by column).
WHERE = """plot => {
  const scene = plot._fullLayout.scene._scene, {model, view, projection} = scene.glplot.cameraParams;
  const {x, y, z} = plot._fullData.at(-1), scale = scene.dataScale;
  const times = (m, v) => [0, 1, 2, 3].map(r => m[r] * v[0] + m[r + 4] * v[1] + m[r + 8] * v[2] + m[r + 12] * v[3]);
  const at = times(projection, times(view, times(model, [x[0] * scale[0], y[0] * scale[1], z[0] * scale[2], 1])));
  const box = scene.glplot.canvas.getBoundingClientRect();
  return [box.x + box.width * (1 + at[0] / at[3]) / 2, box.y + box.height * (1 - at[1] / at[3]) / 2];
}"""


def draw(page: Page) -> None:
    page.locator("#map-draw").click()
    expect(page.locator("#map-status")).to_contain_text("cluster", timeout=60 * SECONDS)
    expect(page.locator("#map canvas").first).to_be_visible(timeout=30 * SECONDS)


def point_at_a_face(page: Page) -> tuple[str, str]:
    """Move the mouse to a face until it shows, for WebGL draws when it can: its caption and its picture."""
    picture, plot = page.locator("#map-panel img"), page.locator("#map .js-plotly-plot")
    page.locator("#map").scroll_into_view_if_needed()
    for attempt in range(60):
        x, y = plot.evaluate(WHERE)
        page.mouse.move(x + attempt % 2, y)
        page.wait_for_timeout(0.2 * SECONDS)
        if picture.is_visible():
            return page.locator("#map-panel figcaption").inner_text(), picture.get_attribute("src")
    pytest.fail("no face showed")


def test_hovering_shows_the_crop(open_page, lay_out, face_report):
    figure = face_map_figure(map_faces(restored_report(kept(face_report)), "lite0_kd"))
    known = {tuple(point) for trace in figure.data for point in trace.customdata}
    with open_page(lay_out) as page:
        draw(page)
        caption, picture = point_at_a_face(page)
        assert (caption, picture) in known
        assert picture.startswith("data:image/jpeg;base64,")
        assert page.locator("#map-panel img").evaluate("picture => picture.naturalWidth") == 96
        assert not page.problems


def test_another_colour_redraws_and_hovering_still_works(open_page, lay_out):
    with open_page(lay_out) as page:
        draw(page)
        expect(page.locator("#map .legendtext").filter(has_text="cluster").first).to_be_visible()
        page.locator("#map-colour input").click()
        page.get_by_role("option", name="p_fake of lite0_kd").click()
        expect(page.locator("#map .colorbar")).to_have_count(1, timeout=20 * SECONDS)
        page.locator("#map-colour input").click()
        page.get_by_role("option", name="person").click()
        expect(page.locator("#map .legendtext").filter(has_text="person 1")).to_be_visible(timeout=20 * SECONDS)
        assert "person 1" in point_at_a_face(page)[0]
        assert not page.problems


def test_references_can_be_left_out(open_page, lay_out):
    with open_page(lay_out) as page:
        draw(page)
        expect(page.locator("#map .legendtext").filter(has_text="reference")).to_have_count(2)
        page.get_by_label("With reference faces").uncheck()
        expect(page.locator("#map .legendtext").filter(has_text="reference")).to_have_count(0, timeout=30 * SECONDS)
        assert not page.problems


def test_without_a_clip_there_is_one_sentence(open_page):
    with open_page(lambda: face_map.build_page(ZOO, gr.State(None))) as page:
        page.locator("#map-draw").click()
        expect(page.locator("#map-status .error")).to_contain_text("choose one under Compare first")


def test_a_phone_shows_it_without_scrolling_sideways(open_page, lay_out):
    with open_page(lay_out, width=390) as page:
        draw(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert point_at_a_face(page)
