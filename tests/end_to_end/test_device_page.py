"""The page on the visitor's device in Chromium: what it says beside the server, and that nothing leaves it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import av
import httpx
import numpy as np
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from explorer.device.parts import CDN, PartsMissing, parts, prepare
from explorer.device.site import site_files
from explorer.faces.crops import CROP_SIDE, cut_face, resize_crop
from explorer.faces.finders import finder_named
from explorer.inference.runners import open_runner
from explorer.judging import Question, judge
from explorer.pipeline import report_of
from explorer.verdicts import probabilities
from explorer.video.reader import probe, read_frames
from explorer.video.writer import ClipWriter
from model_zoo.hub import bundled_zoo
from tests.end_to_end.test_accessibility import TARGETS, VIOLATIONS
from tests.support.browser import SECONDS, opened
from tests.support.device_site import serving_site

SHOWN = ("lite0_kd", "lite0_kd_p35_int8")
Files = Mapping[str, Path | bytes]
JUDGE_FACES = """async ([frame, boxes, name]) => {
  const names = ["crops", "device", "pipeline", "runtime"];
  const [crops, device, pipeline, runtime] = await Promise.all(names.map((each) => import(`./${each}.js`)));
  const site = await device.readDevice();
  const variant = site.variants.find((each) => each.name === name);
  const network = await (await runtime.openRuntime(site.runtime, 1))(variant.files);
  const judged = [];
  for (const box of boxes) {
    const crop = crops.cutFace({...frame, data: Uint8Array.from(frame.data)}, box, crops.CROP_SIDE);
    judged.push((await pipeline.judgeCrop(network, crops.resizeCrop(crop, variant.inputSize))).pFake);
  }
  return judged;
}"""


@pytest.fixture(scope="module")
def parts_folder(request) -> Path:
    """Where the runtime and the graphs lie, kept between runs; without a network or npm these tests are skipped."""
    folder = request.config.cache.mkdir("device-parts")
    try:
        prepare(folder)
    except PartsMissing as error:
        pytest.skip(str(error))
    return folder


@pytest.fixture(scope="module")
def files(parts_folder, examples) -> Files:
    return site_files(bundled_zoo(), parts(parts_folder), parts_folder, examples)


@pytest.fixture(scope="module")
def address(files) -> Iterator[str]:
    with serving_site(lambda: files) as address:
        yield address


@pytest.fixture(scope="module")
def page(browser, address) -> Iterator[Page]:
    """One visit, with two detectors ticked."""
    with opened(browser, address) as page:
        tick(page, SHOWN, frames=32)
        yield page


def tick(page: Page, names: tuple[str, ...], frames: int = 6) -> None:
    """Choose detectors, and few frames where they do not matter."""
    page.locator("#frames").fill(str(frames))
    expect(page.locator("#variants input").first).to_be_visible()
    for box in page.locator("#variants input").all():
        box.set_checked(box.get_attribute("value") in names)


def judged(page: Page, clip: Path) -> dict[str, dict]:
    """What the page says of a clip, by variant."""
    page.evaluate("document.getElementById('status').textContent = ''")
    page.locator("#file").set_input_files(str(clip))
    expect(page.locator("#status")).to_contain_text(f"{clip.name}: ", timeout=90 * SECONDS)
    expect(page.locator("#status")).to_contain_text("all on this device", timeout=90 * SECONDS)
    rows = [json.loads(row.get_attribute("data-result")) for row in page.locator("[data-result]").all()]
    return {row["name"]: row for row in rows}


def refused(page: Page, clip: Path) -> str:
    """The sentence that the page has for a clip; afterwards the next one can be chosen."""
    page.locator("#file").set_input_files(str(clip))
    expect(page.locator("#problem")).to_contain_text(clip.name, timeout=60 * SECONDS)
    expect(page.locator("#file")).to_be_enabled()
    return page.locator("#problem").inner_text()


@pytest.mark.parametrize("title", ["Forged from 1.5 s", "Two people"])
def test_it_says_what_the_server_says(page, examples, title):
    clip = examples[title]
    here = judged(page, clip)
    report = report_of(judge(clip, Question(variants=SHOWN), bundled_zoo()))
    assert {row.name: row.verdict for row in report.variants} == {name: row["verdict"] for name, row in here.items()}
    for row in report.variants:
        ours = np.array(here[row.name]["pFrames"])
        assert len(ours) == len(row.frame_p_fake)
        assert abs(here[row.name]["pFake"] - row.p_fake) < 0.02
        assert np.abs(ours - row.frame_p_fake).mean() < 0.05
    people = len({face.person for face in report.faces})
    expect(page.locator(".people tbody tr")).to_have_count(people if people > 1 else 0)
    assert page.problems == []


def test_the_same_faces_get_the_same_p_fake(page, examples):
    """A frame and its boxes, given to the page's own modules: cut, scaled and judged as on the server."""
    frame = next(iter(read_frames(examples["Two people"], probe(examples["Two people"]), np.array([0.0])))).image
    boxes = finder_named("mtcnn")([frame])[0]
    assert len(boxes) == 2
    given = {"width": frame.shape[1], "height": frame.shape[0], "channels": 3, "data": frame.reshape(-1).tolist()}
    for name in SHOWN:
        runner = open_runner(name)
        crops = np.stack([resize_crop(cut_face(frame, box, CROP_SIDE), runner.input_size) for box in boxes])
        here = page.evaluate(JUDGE_FACES, [given, boxes.tolist(), name])
        assert np.abs(np.array(here) - probabilities(runner.run(crops)[0])).max() < 0.02


def test_nothing_leaves_the_page(browser, address, examples):
    asked: list[tuple[str, str]] = []
    with opened(browser, address) as page:
        page.context.on("request", lambda request: asked.append((request.method, request.url)))
        page.reload()
        tick(page, SHOWN[1:])
        judged(page, examples["Forged face"])
        page.wait_for_timeout(1 * SECONDS)
    assert {method for method, _ in asked} == {"GET"}
    assert not [url for _, url in asked if not url.removeprefix("blob:").startswith(address.removesuffix("device/"))]
    assert any(url.startswith(f"{address}zoo/lite0_kd_p35_int8/model.onnx?v=") for _, url in asked)


def test_published_the_runtime_comes_from_its_cdn_and_no_other_address(browser, parts_folder, examples):
    files = site_files(bundled_zoo(), parts(parts_folder), parts_folder, examples, CDN)
    asked = []
    with serving_site(lambda: files) as address, opened(browser, "about:blank", service_workers="block") as page:
        # The app's own policy names no CDN; the published page has the one in its head alone.
        page.route(f"{address}**", lambda route: route.fulfill(response=(answer := route.fetch()), headers={
            name: value for name, value in answer.headers.items() if name != "content-security-policy"
        }))  # fmt: skip
        page.route(f"{CDN}**", lambda route: route.fulfill(
            path=parts_folder / route.request.url.rpartition("/")[2],
            headers={"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"},
        ))  # fmt: skip
        page.context.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        tick(page, SHOWN[1:])
        assert judged(page, examples["Forged face"])[SHOWN[1]]["verdict"]
        elsewhere = {url for url in asked if not url.removeprefix("blob:").startswith(address.removesuffix("device/"))}
        assert {url.removeprefix(CDN) for url in elsewhere} == {"ort.wasm.min.mjs", *(
            f"ort-wasm-simd-threaded.{kind}" for kind in ("mjs", "wasm")
        )}  # fmt: skip
        assert page.problems == []


def test_bad_input_gets_a_sentence_and_the_page_goes_on(page, tmp_path, examples):
    grey = np.full((64, 64, 3), 128, np.uint8)
    with ClipWriter(tmp_path / "grey.mp4", 5) as clip:
        for index in range(5):
            clip.add(index / 5, grey)
    with ClipWriter(tmp_path / "long.mp4", 1) as clip:
        for index in range(130):
            clip.add(index, grey)
    with av.open(str(tmp_path / "old.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width = stream.height = 64
        for _ in range(5):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        container.mux(stream.encode(None))
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "no.jpg").write_bytes(b"no picture")
    assert refused(page, tmp_path / "grey.mp4").startswith("No face in 5 sampled frames of grey.mp4; try")
    assert refused(page, tmp_path / "long.mp4") == "long.mp4 lasts 130 s, over the limit of 120 s; cut it shorter."
    assert "it is in MPEG-4 Visual, which this browser does not decode" in refused(page, tmp_path / "old.mp4")
    assert refused(page, tmp_path / "empty.mp4") == "empty.mp4 is empty."
    assert "a picture that this browser cannot open" in refused(page, tmp_path / "no.jpg")
    assert judged(page, examples["Forged face"])


def test_what_is_damaged_is_judged_but_for_a_stretch_that_is_told(page, tmp_path, examples):
    content = bytearray(examples["Two people"].read_bytes())
    content[len(content) // 2 : len(content) * 2 // 3] = bytes(len(content) * 2 // 3 - len(content) // 2)
    (tmp_path / "damaged.mp4").write_bytes(content)
    page.locator("#frames").fill("8")
    assert judged(page, tmp_path / "damaged.mp4")
    expect(page.locator(".hero")).to_contain_text("Not looked at: ")
    expect(page.locator(".hero")).to_contain_text("of 8 frames could be read; try an MP4 (H.264) export of it.")


def test_a_file_that_is_another_is_not_used(browser, files, examples):
    path = "zoo/lite0_kd_p35_int8/model.onnx"
    changed = bytearray(Path(files[path]).read_bytes())
    changed[1000] ^= 1
    with serving_site(lambda: {**files, path: bytes(changed)}) as address, opened(browser, address) as page:
        tick(page, SHOWN[1:])
        page.locator("#file").set_input_files(str(examples["Forged face"]))
        expect(page.locator("#problem")).to_contain_text(
            f"{path} is not the file that was published", timeout=60 * SECONDS
        )
        tick(page, ("lite0_kd_p40_int8",))
        assert judged(page, examples["Forged face"])


def test_without_its_parts_or_simd_it_says_so(browser, address):
    missing = site_files(bundled_zoo(), None, Path(), {})
    with serving_site(lambda: missing) as bare, opened(browser, bare) as page:
        expect(page.locator("#problem")).to_contain_text("run `make device` there once")
    with opened(browser, "about:blank") as page:
        page.add_init_script("WebAssembly.validate = () => false")
        page.goto(address)
        expect(page.locator("#problem")).to_contain_text("This browser has no WebAssembly SIMD")


def test_after_a_first_visit_it_works_without_a_network(browser, address, examples):
    with opened(browser, address) as page:
        page.wait_for_function("() => navigator.serviceWorker.controller")
        tick(page, SHOWN[1:])
        online = judged(page, examples["Forged face"])
        page.context.set_offline(True)
        page.reload()
        expect(page.locator("#variants input:checked")).to_have_value(SHOWN[1])
        assert judged(page, examples["Forged face"])[SHOWN[1]]["verdict"] == online[SHOWN[1]]["verdict"]


def test_no_rule_is_broken_and_keys_do_it_all(page, examples):
    judged(page, examples["Forged from 1.5 s"])
    page.evaluate(f"() => {{ {AXE_SCRIPT} }}")
    problems = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        problems += [f"{scheme}: {line}" for line in page.evaluate(VIOLATIONS)]
    page.set_viewport_size({"width": 390, "height": 844})
    problems += [f"phone: {line}" for line in page.evaluate(VIOLATIONS)]
    problems += [f"small: {line}" for line in page.evaluate(TARGETS, 24)]
    assert not problems, "\n".join(problems)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".skip").focus()
    for expected in ("file", "", "", "", "", "", "camera", "screen"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == expected
    page.locator("#moment-range").focus()
    page.keyboard.press("Home")  # it begins at the most suspicious moment, which may be the last
    before = page.locator(".moment output").inner_text()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".moment output")).not_to_have_text(before)
    page.set_viewport_size({"width": 1280, "height": 1000})


def test_the_app_serves_it_and_links_to_it(server):
    answer = httpx.get(f"{server}/device/")
    assert "On your own device" in answer.text
    assert "'wasm-unsafe-eval'" in answer.headers["content-security-policy"]
    assert "wasm-unsafe-eval" not in httpx.get(server).headers["content-security-policy"]
    assert "device/" in json.dumps(httpx.get(f"{server}/config").json())
