"""The files of the page on the visitor's device, by their paths on it: ours, the zoo's, others', and device.json."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from explorer.device.parts import FOLDER, GRAPHS, RUNTIME, parts
from explorer.plots.palette import looks
from explorer.video.examples import EXAMPLES
from model_zoo.files import sha256_of
from model_zoo.manifest import Released, read_manifest
from model_zoo.variants import VARIANTS, plain_name
from model_zoo.zoo import Zoo

PAGE = Path(__file__).with_name("page")
TICKED_FIRST = ("lite0_kd_p35_int8",)  # the smallest download that is worth one
MISSING = "This page is not set up on this server yet: whoever runs it has to run `make device` there once."

Content = Path | bytes


def site_files(
    zoo: Zoo, sums: Mapping[str, str] | None, folder: Path, examples: Mapping[str, Path], cdn: str = ""
) -> dict[str, Content]:
    """What is served or published, by path; `sums` are the sha256 of what lies in `folder`, None where it is missing.

    The runtime comes from `cdn`, where one is named. Raises BadManifest.
    """
    rows = {name: row for name, row in read_manifest(zoo.release).variants.items() if _runs(row)}
    files: dict[str, Content] = {path.name: path for path in sorted(PAGE.iterdir()) if path.is_file()}
    if sums is None:
        return files | {"device.json": _as_json({"missing": MISSING})}
    own = (*GRAPHS, *RUNTIME) if not cdn else GRAPHS
    files |= {f"parts/{name}": folder / name for name in own}
    files |= {f"zoo/{path}": zoo.release / path for row in rows.values() for path in _graph_files(row)}
    files |= {f"examples/{path.name}": path for path in examples.values()}
    return files | {"device.json": _as_json(_description(zoo, rows, sums, examples, cdn or "parts/"))}


def served_files(zoo: Zoo, examples: Mapping[str, Path]) -> Callable[[], Mapping[str, Content]]:
    """What gives the files that are served: as long as the parts are missing, the page that says so."""
    known: dict[bool, Mapping[str, Content]] = {}

    def files() -> Mapping[str, Content]:
        sums = parts()
        if (sums is None) not in known:
            known[sums is None] = site_files(zoo, sums, FOLDER, examples)
        return known[sums is None]

    return files


def _description(
    zoo: Zoo, rows: Mapping[str, Released], sums: Mapping[str, str], examples: Mapping[str, Path], runtime: str
) -> dict[str, Any]:
    """What the page reads first: where everything lies, what it has to be, and what is known of each variant."""
    return {
        "runtime": {name: {"path": f"{runtime}{name}", "sha256": sums[name]} for name in RUNTIME},
        "finder": {Path(name).stem: {"path": f"parts/{name}", "sha256": sums[name]} for name in GRAPHS},
        "page": sorted(path.name for path in PAGE.iterdir() if path.is_file()),
        "zoo": {"source": zoo.source, "revision": zoo.revision},
        "variants": [_variant(row) for row in rows.values()],
        "examples": [
            {
                "title": title,
                "truth": EXAMPLES[title].truth,
                "path": f"examples/{path.name}",
                "sha256": sha256_of(path),
            }
            for title, path in examples.items()
        ],
    }


def _variant(row: Released) -> dict[str, Any]:
    look = looks([row.name])[row.name]
    return {
        "name": row.name,
        "title": plain_name(row.name),
        "inputSize": row.input_size,
        "threshold": row.threshold,
        "uncertain": row.uncertain,
        "params": row.params,
        "bytes": row.bytes,
        "guessesOn": row.guesses_on,
        "colour": look.colour,
        "dash": look.dash,
        "ticked": row.name in TICKED_FIRST,
        "files": [{"path": f"zoo/{path}", "sha256": sha256} for path, sha256 in _graph_files(row).items()],
    }


def _graph_files(row: Released) -> dict[str, str]:
    """The graph, and the weights that it reads, where they lie beside it; their sha256."""
    return {path: row.files[path] for path in dict.fromkeys((row.graph, row.weights))}


def _runs(row: Released) -> bool:
    """Whether it looks at single tight crops, which are what the page cuts."""
    variant = VARIANTS.get(row.name)
    return variant is not None and variant.clip_length == 1 and variant.view is None


def _as_json(content: Any) -> bytes:
    return json.dumps(content, indent=1).encode()
