"""A result file read back: the report as JSON, or the zip that holds it, whoever wrote it."""

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from pydantic import ValidationError

from explorer import limits
from explorer.errors import InvalidRequest
from explorer.exports.result_schema import JudgedBy, ResultContent, readable_error
from explorer.origin import origin_from
from explorer.structures import (
    ClipInfo,
    Cpu,
    Face,
    PersonScore,
    Report,
    Slice,
    Spread,
    Stretch,
    VariantError,
    VariantResult,
)
from explorer.verdicts import uncertain_band

INSIDE = "report.json"  # its name in the zip
MAX_MEMBERS = 512  # of a zip that are passed by before it comes
_LOCAL, _LOCAL_BYTES = b"PK\3\4", 30  # the head of a member
_STORED, _DEFLATED, _ENCRYPTED, _SIZES_FOLLOW = 0, 8, 1, 8  # methods, and flags
_NO_CROP = np.zeros((0, 0, 3), np.uint8)
_HINT = "open the report.json of a zip that was downloaded here"


@dataclass(frozen=True)
class Result:
    """A report without crops, and the zoo that judged."""

    report: Report
    source: str
    revision: str


def read_result(path: Path) -> Result:
    """The result in a file. Raises InvalidRequest with one sentence for anything else; `path` is not named in it."""
    try:
        with open(path, "rb") as file:
            start = file.read(len(_LOCAL))
            file.seek(0)
            text = _member(file) if start == _LOCAL else file.read(limits.MAX_RESULT_BYTES + 1)
    except OSError as error:
        raise InvalidRequest("The file could not be read; choose it again") from error
    return parse_result(text)


def parse_result(text: bytes | str) -> Result:
    """The result in a JSON text. Raises InvalidRequest."""
    if len(text) > limits.MAX_RESULT_BYTES:
        size = limits.MAX_RESULT_BYTES / 1e6
        raise InvalidRequest(f"This is no result of the explorer: it holds more than {size:g} MB; {_HINT}")
    try:
        content = ResultContent.model_validate_json(text)
    except ValidationError as error:
        raise InvalidRequest(f"This is no result of the explorer ({readable_error(error)}); {_HINT}") from error
    return Result(_report(content), content.zoo.source, content.zoo.revision)


def _member(file: BinaryIO) -> bytes:
    """report.json of a zip, at most one byte more than is allowed.

    The members are passed by from the first on: the zip's own list, which may be of any length, is not read.
    """
    for _ in range(MAX_MEMBERS):
        head = file.read(_LOCAL_BYTES)
        if len(head) < _LOCAL_BYTES or head[:4] != _LOCAL:
            break
        flags, method = (int.from_bytes(head[at : at + 2], "little") for at in (6, 8))
        packed, name, extra = (int.from_bytes(head[at : at + n], "little") for at, n in ((18, 4), (26, 2), (28, 2)))
        if file.read(name) == INSIDE.encode():
            file.seek(extra, 1)
            return _unpacked(file, method, flags, packed)
        if flags & _SIZES_FOLLOW:
            break
        file.seek(extra + packed, 1)
    raise InvalidRequest(f"There is no {INSIDE} in this zip that can be found; unpack it, and open that file")


def _unpacked(file: BinaryIO, method: int, flags: int, packed: int) -> bytes:
    most = limits.MAX_RESULT_BYTES + 1
    if flags & _ENCRYPTED or method not in (_STORED, _DEFLATED) or (method == _STORED and flags & _SIZES_FOLLOW):
        raise InvalidRequest(f"{INSIDE} in this zip is packed in another way than here; unpack it, and open that file")
    if method == _STORED:
        return file.read(min(packed, most))
    inflate, parts, left = zlib.decompressobj(-zlib.MAX_WBITS), [], most
    try:
        while left and not inflate.eof and (chunk := inflate.unconsumed_tail or file.read(65_536)):
            parts.append(inflate.decompress(chunk, left))
            left -= len(parts[-1])
    except zlib.error as error:
        raise InvalidRequest(f"{INSIDE} in this zip is damaged; download it again") from error
    return b"".join(parts)


def _report(content: ResultContent) -> Report:
    """What as_json wrote, but for what it left out: crops and evidence."""
    clip, cpu = content.clip, content.cpu
    seen = content.variants[0].frames if content.variants else []
    evenly = np.linspace(0, clip.duration_s, clip.frames)  # as many as there were; their own times are not told
    origin = clip.model_dump(include={"credentials", "container"}) if clip.credentials and clip.container else None
    return Report(
        ClipInfo(clip.name, clip.duration_s, clip.width, clip.height, clip.fps, 0.0, evenly, np.zeros(0)),
        clip.frames_sampled,
        tuple(Face(each.time_s, np.array(each.box, np.float32), _NO_CROP, each.person) for each in seen),
        Cpu(cpu.model, cpu.cores, cpu.threads, tuple(cpu.instruction_sets)),
        content.stages_ms.model_dump(),
        tuple(_variant(row) for row in content.variants),
        tuple(VariantError(each.variant, each.message) for each in content.errors),
        clip.not_judged or "",
        origin_from(origin) if origin else None,
        brightness=clip.brightness,
    )


def _variant(row: JudgedBy) -> VariantResult:
    cost = Spread(row.ms_per_face.median, row.ms_per_face.iqr) if row.ms_per_face else None
    people = tuple(
        PersonScore(
            who.person, who.faces, who.p_fake, who.verdict,
            tuple(Stretch(each.from_s, each.to_s, each.p_fake) for each in who.stretches),
        )
        for who in row.people
    )  # fmt: skip
    run_ms = row.run_ms if row.run_ms is not None else cost.median * len(row.frames) if cost else 0.0
    return VariantResult(
        row.name, row.engine, row.verdict, row.p_fake, row.fake_frame_rate, row.threshold,
        row.uncertain or uncertain_band(row.threshold), cost, run_ms, row.params, row.size_mb,
        np.array([face.p_fake for face in row.frames]), np.zeros((len(row.frames), 0, 0), np.float32), people,
        tuple(row.guesses_on),
        slices=tuple(Slice(each.person, each.from_s, each.to_s, each.p_fake) for each in row.slices),
    )  # fmt: skip
