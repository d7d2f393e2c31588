"""A result is read back as it was written; what anybody else wrote is refused in one sentence of ours."""

import json
import struct
import zlib
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from explorer import limits
from explorer.errors import InvalidRequest
from explorer.exports.archive import write_zip
from explorer.exports.report_json import as_json
from explorer.exports.result_file import parse_result, read_result
from explorer.origin import Container, Credentials, Origin
from explorer.plots.palette import colours
from explorer.structures import Slice
from model_zoo.manifest import RELEASE
from model_zoo.zoo import Zoo
from tests.support.reports import a_run, report

ZOO = Zoo(RELEASE, "user/zoo", "0" * 40)
MARKUP = "<img src=x onerror=alert(1)>"


def content(**changes) -> dict:
    return json.loads(json.dumps(as_json(a_run(), ZOO))) | changes


def refused(text: bytes | str) -> str:
    with pytest.raises(InvalidRequest) as error:
        parse_result(text)
    return str(error.value)


def test_a_result_comes_back_with_every_number_and_the_same_sentence():
    first = a_run()
    result = parse_result(json.dumps(as_json(first, ZOO)))
    assert as_json(result.report, ZOO) == as_json(first, ZOO)
    assert (result.source, result.revision) == ("user/zoo", "0" * 40)
    assert len(result.report.clip.frame_times) == 50
    assert not result.report.pictured and result.report.grey_level == 128


def test_what_was_said_of_slices_comes_back():
    first = a_run()
    sliced = replace(first.variants[0], slices=(Slice(1, 0.0, 0.5, 0.75),))
    first = replace(first, variants=(sliced, *first.variants[1:]))
    assert parse_result(json.dumps(as_json(first, ZOO))).report.variants[0].slices == sliced.slices


def test_so_does_one_without_a_face_and_one_with_an_origin():
    origin = Origin(Credentials("none"), Container("isom", "h264", software=("FFmpeg",)))
    for first in (report(), report(of=a_run().clip)):
        first = first.__class__(**vars(first) | {"origin": origin})
        assert as_json(parse_result(json.dumps(as_json(first, ZOO))).report, ZOO) == as_json(first, ZOO)


def test_the_zip_that_the_page_offers_can_be_opened(tmp_path):
    first = a_run()
    path = write_zip(tmp_path / "a.zip", first, as_json(first, ZOO), colours(["b0", "lite0"]))
    assert as_json(read_result(path).report, ZOO) == as_json(first, ZOO)


def test_keys_of_a_later_version_are_left_out_and_those_of_an_earlier_one_need_not_be_there():
    old = content(later=1)
    del old["clip"]["brightness"], old["clip"]["frames"], old["variants"][0]["run_ms"], old["variants"][0]["uncertain"]
    result = parse_result(json.dumps(old)).report
    assert result.variants[0].uncertain == (0.4, 0.6)
    assert result.variants[0].run_ms == 2.0 * 8
    assert result.grey_level is None


def at(path: str, value: object) -> str:
    """A result with another value at a place such as "variants.0.p_fake"."""
    whole = content()
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    inner = whole
    for part in way:
        inner = inner[part]
    inner[last] = value
    return json.dumps(whole)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("schema_version", 2), ("schema_version", True), ("schema_version", "1"),
        ("variants.0.threshold", float("nan")), ("variants.0.threshold", float("inf")), ("variants.0.threshold", "0.5"),
        ("variants.0.threshold", True), ("variants.0.threshold", 1.01), ("variants.0.threshold", None),
        ("variants.0.uncertain", [0.6, 0.4]), ("variants.0.uncertain", [0.4]), ("variants.0.name", MARKUP),
        ("variants.0.name", "x" * 65), ("variants.1.name", "b0"), ("variants.0.verdict", "real"),
        ("variants.0.verdict", MARKUP), ("variants.0.p_fake", 0.1), ("variants.0.people", []),
        ("variants.0.people.0.verdict", "no face"), ("variants.0.people.0.person", 33), ("variants.0.frames", []),
        ("variants.0.frames.0.box", [0, 0, 1]), ("variants.0.frames.0.box", [0, 0, 1, 1e300]),
        ("variants.0.frames.0.time_s", 1.5), ("variants.0.frames.0.p_fake", -0.1), ("variants.0.frames.0", None),
        ("variants.0.ms_per_face.median", -1), ("variants", {}), ("variants", None), ("clip", []),
        ("clip.width", 0), ("clip.width", 640.5), ("clip.width", 10**400), ("clip.duration_s", 1e9),
        ("clip.name", 5), ("clip.name", "x" * 1001), ("clip.frames_sampled", 301),
        ("clip.frames", 10**6), ("clip.brightness", 256),
        ("clip.credentials", {"state": MARKUP}), ("cpu.model", ["x"]), ("cpu.cores", -1), ("zoo.revision", MARKUP),
        ("stages_ms", {"decode": 1}), ("errors", [{"variant": None, "message": "x"}] * 65),
        ("errors", [{"variant": MARKUP, "message": "x"}]),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_without_a_word_of_it(path, value):
    words = refused(at(path, value))
    assert words.startswith("This is no result of the explorer (") and "report.json" in words
    assert "<" not in words and len(words) < 250


@pytest.mark.parametrize(
    "text",
    [
        b"", b"\xff\xfe", b"null", b"[]", b"7", b"{", b'{"a": 1} b', b"\x00" * 100, b"GIF89a",
        b'{"schema_version":' + b"[" * 100_000, b'{"a":' * 100_000, b'{"clip": {"name": "\\ud800"}}',
        b"1" * 10_000,
    ],
    ids=range(13),
)  # fmt: skip
def test_what_is_no_json_or_nested_without_end_is_refused_at_once(text):
    began = perf_counter()
    assert refused(text).startswith("This is no result of the explorer")
    assert perf_counter() - began < 1


def test_what_is_too_large_is_not_read(tmp_path):
    assert "more than 8 MB" in refused(b" " * (limits.MAX_RESULT_BYTES + 1))
    path = tmp_path / "large.json"
    path.write_bytes(b" " * (limits.MAX_RESULT_BYTES + 10))
    with pytest.raises(InvalidRequest, match="more than 8 MB"):
        read_result(path)
    with pytest.raises(InvalidRequest, match="could not be read"):
        read_result(tmp_path / "gone.json")


def zipped(path: Path, members: dict[str, bytes], method: int = ZIP_DEFLATED) -> Path:
    with ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_a_zip_that_was_packed_again_is_read(tmp_path):
    first = json.dumps(content()).encode()
    for method in (0, ZIP_DEFLATED):
        path = zipped(tmp_path / "a.zip", {"other.mp4": b"x" * 9, "report.json": first, "z": b""}, method)
        assert read_result(path).report.clip.name == "a.mp4"


def test_a_zip_that_grows_without_end_costs_what_is_allowed(tmp_path):
    path, began = zipped(tmp_path / "bomb.zip", {"report.json": b" " * 50_000_000}), perf_counter()
    with pytest.raises(InvalidRequest, match="more than 8 MB"):
        read_result(path)
    assert perf_counter() - began < 1


@pytest.mark.parametrize("name", ["other.json", "a/report.json", "../report.json", "REPORT.JSON"])
def test_a_zip_without_a_report_is_refused(tmp_path, name):
    with pytest.raises(InvalidRequest, match="There is no report"):
        read_result(zipped(tmp_path / "a.zip", {name: b"{}"}))


def head(method: int = 8, flags: int = 0, packed: int = 10, name: bytes = b"report.json", extra: int = 0) -> bytes:
    fields = (20, flags, method, 0, 0, 0, packed, 0, len(name), extra)
    return b"PK\3\4" + struct.pack("<HHHHHIIIHH", *fields) + name


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (head(flags=1) + b"x" * 10, "packed in another way"),
        (head(method=12) + b"x" * 10, "packed in another way"),
        (head(method=0, flags=8) + b"x" * 10, "packed in another way"),
        (head() + b"\xff" * 10, "damaged"),
        (head() + zlib.compress(b"{}")[2:4], "no result"),  # it breaks off
        (head(), "no result"),
        (head(extra=65_535), "no result"),
        (head(name=b"a", packed=0) * 600, "There is no report.json"),
        (head(name=b"a", packed=2**32 - 1), "There is no report.json"),
        (head(name=b"a", flags=8), "There is no report.json"),
        (b"PK\3\4", "There is no report.json"),
    ],
)
def test_a_damaged_zip_is_refused(tmp_path, data, words):
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(InvalidRequest, match=words):
        read_result(tmp_path / "a.zip")
