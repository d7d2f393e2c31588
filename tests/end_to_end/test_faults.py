"""What breaks around the explorer costs what it must and no more, and is said in a sentence."""

import errno
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from playwright.sync_api import Browser, expect

from explorer.pages.components import clip_box, drawing
from explorer.pages.components.drawing import drawing_updates
from explorer.pages.components.kept import restored_report
from explorer.pages.components.settings import Settings
from explorer.pages.components.updates import updates
from explorer.plots.palette import colours
from explorer.video.writer import ClipWriter
from model_zoo.manifest import RELEASE
from model_zoo.zoo import BUNDLED, Zoo
from tests.support.browser import SECONDS, opened, upload, wait_for_settings
from tests.support.fakes import everywhere, report_of, runner

pytestmark = pytest.mark.heavy  # whole runs of the Compare tab

ROOT = Path(__file__).resolve().parents[2]
FLOAT, INT8 = "lite0_kd_p40", "lite0_kd_p40_int8"
DAY = 86400.0


def run_page(clip: Path, release: Path = RELEASE, **changes: object) -> tuple[dict[str, object], list[str]]:
    """What the Compare tab shows in the end, slot by slot, and all the errors that it showed on the way."""
    asked = dict(clip=str(clip), variants=[INT8, FLOAT], finder="haar", frames=2, engine="auto") | changes
    settings = Settings(**{"method": "evidence", "layer": "pooled"} | asked)
    slots, errors = {}, []
    zoo, palette = Zoo(release, BUNDLED, "0" * 64), colours([FLOAT, INT8])

    def all_updates():
        yield from updates(settings, palette, zoo)
        yield from drawing_updates(restored_report(slots.get("report")), settings, palette, zoo)

    for update in all_updates():
        slots |= update
        text = unescape(" ".join(value for value in update.values() if isinstance(value, str)))
        errors += re.findall(r'role="alert">(.*?)</p>', text)
    return slots, errors


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    """The folder in which temporary files are made; what Gradio serves lies elsewhere."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "served"))
    return folder


@pytest.fixture
def small_disk() -> Iterator[Callable[[Path, int], None]]:
    """small_disk(folder, size) puts a disk of so many bytes there; the test is skipped where that is not permitted."""
    mounted = []

    def mount(folder: Path, size: int) -> None:
        folder.mkdir(exist_ok=True)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True)
        if done.returncode:
            pytest.skip("no disk can be mounted here")
        mounted.append(folder)

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "--lazy", folder], check=True)


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def only_the_verdicts_stand(slots: dict[str, object], errors: list[str]) -> None:
    zip_failed = "The verdicts stand, but the zip could not be written (No space left on device); try again later."
    assert errors in ([], [zip_failed])
    assert "The verdicts stand, but not all clips could be drawn: there is no room for them." in slots["drawn"]
    assert slots["verdicts"].count("<tbody") == 2
    assert [row["name"] for row in slots["raw"]["variants"]] == [INT8, FLOAT]
    assert slots["report"] is not None and "<img" in slots["heat"]


@pytest.mark.parametrize("room", [8192, 200_000])
def test_a_full_disk_costs_the_clips_or_the_zip(room, small_disk, temporary, portrait_clip):
    small_disk(temporary, room)
    only_the_verdicts_stand(*run_page(portrait_clip))
    assert not list(temporary.iterdir())


@pytest.mark.parametrize(
    ("module", "what"), [(drawing, "annotate"), (drawing, "write_zip"), (clip_box, "save_file_to_cache")]
)
def test_wherever_the_disk_fills_up(module, what, monkeypatch, temporary, portrait_clip):
    monkeypatch.setattr(module, what, full)
    only_the_verdicts_stand(*run_page(portrait_clip))
    assert not list(temporary.iterdir())


def test_with_room_there_is_everything(temporary, portrait_clip):
    slots, errors = run_page(portrait_clip)
    assert not errors and slots["download"].visible
    assert f"{temporary.parent / 'served'}/" in slots["annotated"]


@pytest.mark.parametrize("room", [4096, 16_384, 65_536])
def test_a_clip_that_a_full_disk_cuts_short_is_let_go(room, small_disk, tmp_path):
    small_disk(tmp_path / "disk", room)
    noise = np.random.default_rng(0).integers(0, 256, (20, 240, 240, 3), np.uint8)
    with pytest.raises(OSError, match="No space left"), ClipWriter(tmp_path / "disk" / "noise.mp4", 25) as clip:
        for i, image in enumerate(noise):
            clip.add(i / 25, image)
    opened = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert not [path for path in opened if "noise.mp4" in str(path)]
    assert not list((tmp_path / "disk").iterdir())


def test_a_file_that_breaks_while_serving_is_named_where_it_is_needed(temporary, small_release, portrait_clip):
    slots, errors = run_page(portrait_clip, small_release, variants=[FLOAT])
    before, weights = slots["raw"]["variants"][0]["p_fake"], small_release / FLOAT / "model.safetensors"
    os.truncate(weights, 1000)
    slots, errors = run_page(portrait_clip, small_release, variants=[FLOAT], method="gradcam")
    assert slots["raw"]["variants"][0]["p_fake"] == before  # what runs already goes on
    assert len(errors) == 1 and errors[0].startswith("model.safetensors: sha256 is")  # torch opens the file anew
    assert slots["heat"].count("alert") == 1 and slots["download"].interactive


def test_a_clock_that_jumps_changes_neither_results_nor_times(monkeypatch, portrait_clip):
    def analysed():
        began = time.perf_counter()
        report = report_of(portrait_clip, {"steady": runner}, everywhere, frames=4)
        return report, (time.perf_counter() - began) * 1e3

    steady, _ = analysed()
    true_time, calls = time.time, iter(range(10**9))
    monkeypatch.setattr(time, "time", lambda: true_time() + (-1) ** next(calls) * DAY)
    assert abs(time.time() - time.time()) > DAY
    leaping, spent_ms = analysed()
    assert [face.time_s for face in leaping.faces] == [face.time_s for face in steady.faces]
    assert leaping.variants[0].frame_p_fake.tolist() == steady.variants[0].frame_p_fake.tolist()
    times = [*leaping.stages_ms.values(), leaping.variants[0].run_ms]
    assert min(times) >= 0 and sum(times) <= spent_ms


def test_only_the_age_of_files_is_told_by_the_clock_on_the_wall():
    sources = [ROOT / "app.py", *(ROOT / "explorer").rglob("*.py"), *(ROOT / "model_zoo").rglob("*.py")]
    wall = re.compile(r"\btime\.time\b|\bfrom time import.*\btime\b|\bdatetime\b")
    assert {path.name for path in sources if wall.search(path.read_text())} <= {"sweep.py"}


@pytest.fixture
def nowhere(tmp_path) -> str:
    """A folder that cannot be made, by the superuser either: it lies below a file."""
    (tmp_path / "file").touch()
    return str(tmp_path / "file" / "folder")


def test_the_app_needs_no_folder_of_its_own_and_no_ffmpeg(browser, start_app, nowhere, tmp_path, portrait_clip):
    folders = ("HF_HOME", "GRADIO_TEMP_DIR", "EXPLORER_CACHE", "HOME", "MPLCONFIGDIR", "XDG_CACHE_HOME")
    settings = dict.fromkeys(folders, nowhere) | {"PATH": str(tmp_path), "HF_HUB_OFFLINE": "1", "PYTHONUNBUFFERED": "1"}
    assert not shutil.which("ffmpeg", path=settings["PATH"])
    with start_app(ROOT, **settings) as address:
        log = (tmp_path / "app.log").read_text()
        assert re.search(r"uploads go to .*: .*/file/folder cannot be written to \(Not a directory\)", log)
        assert re.search(r"no examples: .*/file/folder/examples cannot be written to \(Not a directory\)", log)
        clip = handle_file(str(portrait_clip))
        report = Client(address, verbose=False).predict(clip, variants=["lite0_kd_int8"], frames=2, api_name="/analyze")
        assert report["errors"] == [] and report["variants"][0]["verdict"] == "real"
        page_works(browser, f"{address}/?variants={INT8}&frames=2&finder=haar", portrait_clip)
        assert "Traceback" not in (tmp_path / "app.log").read_text()


def page_works(browser: Browser, address: str, clip: Path) -> None:
    with opened(browser, address) as page:
        wait_for_settings(page, 2)
        upload(page, clip)
        page.locator("#run").click()
        expect(page.locator("#status")).to_contain_text("2 of 2 sampled frames", timeout=60 * SECONDS)
        page.locator("#annotated summary").click()
        page.locator("#annotated video").evaluate(
            "v => new Promise(go => v.readyState > 1 ? go() : v.addEventListener('loadeddata', go))"
        )


def test_files_that_break_at_start_and_while_serving(start_app, small_release, tmp_path, portrait_clip):
    space = tmp_path / "space"
    for name in ("explorer", "model_zoo"):
        shutil.copytree(ROOT / name, space / name, ignore=shutil.ignore_patterns("release"))
    shutil.copy(ROOT / "app.py", space)
    release = small_release.rename(space / "model_zoo" / "release")
    broken, weights = release / INT8 / "model.onnx", release / FLOAT / "model.safetensors"
    broken.write_bytes(broken.read_bytes()[:-1])

    def run(**settings) -> tuple[dict[str, float], dict[str, str]]:
        report = client.predict(handle_file(str(portrait_clip)), frames=2, **settings, api_name="/analyze")
        p_fake = {row["name"]: row["p_fake"] for row in report["variants"]}
        return p_fake, {error["variant"]: error["message"] for error in report["errors"]}

    with start_app(space, HF_HUB_OFFLINE="1", PYTHONUNBUFFERED="1") as address:
        client = Client(address, verbose=False)
        p_fake, errors = run()
        assert list(p_fake) == [FLOAT] and list(errors) == [INT8]
        assert errors[INT8].startswith("model.onnx: sha256 is")
        for _ in range(240):
            if f"variant {INT8} will not run: model.onnx: sha256 is" in (log := (tmp_path / "app.log").read_text()):
                break
            time.sleep(0.25)
        else:
            pytest.fail(f"the start did not say what is broken:\n{log}")
        os.truncate(weights, 1000)
        assert run() == (p_fake, errors)  # what is open goes on
        served, errors = run(engine="onnxruntime")
        assert served == {} and errors[FLOAT].startswith("model.safetensors: sha256 is")
        assert "/" not in errors[FLOAT]
        (release / "manifest.json").write_text("{}")
        with pytest.raises(AppError, match=r"^manifest\.json: malformed"):
            client.predict(api_name="/variants")
    started = subprocess.run([sys.executable, "app.py"], cwd=space, capture_output=True, text=True, timeout=60)
    assert started.returncode == 1
    assert started.stderr.startswith("There is no zoo to serve: manifest.json: malformed")
    assert "Traceback" not in started.stderr
