# ruff: noqa: E501
"""A file imports only from lower floors; nothing that serves imports train/."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = {
    # data and pure functions
    0: "explorer.structures explorer.cores explorer.faces.working_size explorer.errors explorer.limits explorer.paths "
    "explorer.faces.boxes explorer.faces.mtcnn.integral explorer.verdicts explorer.plots.palette explorer.plots.pareto model_zoo.variants "
    "model_zoo.errors model_zoo.zoo train.errors train.trainer.losses",
    # one engine each
    1: "explorer.video.reader explorer.video.writer explorer.people explorer.faces.tracks explorer.faces.haar explorer.faces.mtcnn.pyramid "
    "explorer.inference.engines explorer.api.arguments explorer.server.middleware explorer.server.fetch explorer.server.sweep explorer.deadline "
    "explorer.faces.crops explorer.timing explorer.heatmaps.overlay explorer.plots.report explorer.exports.report_json explorer.selection "
    "explorer.caveats explorer.face_map.embedding explorer.face_map.reference explorer.images model_zoo.efficientnet "
    "model_zoo.detector model_zoo.pruned model_zoo.files model_zoo.manifest train.trainer.recipes train.dataset.items "
    "train.dataset.augment train.dataset.forge train.release.onnx_export train.release.golden",
    # what is built of those
    2: "explorer.faces.mtcnn.cascade explorer.faces.mtcnn.networks explorer.video.worker explorer.heatmaps.gradcam explorer.video.examples "
    "explorer.exports.summary_html explorer.exports.mosaic explorer.face_map.features explorer.plots.tradeoff model_zoo.weights model_zoo.hub "
    "train.dataset.pairs train.evaluation.metrics train.trainer.pruning train.trainer.checkpoints train.studies.definitions train.dataset.layouts train.dataset.sampling",
    # assembly
    3: "explorer.video.decoder explorer.faces.mtcnn.finder explorer.exports.archive explorer.pages.components.theme explorer.pages.components.cards "
    "explorer.pages.components.heatmap_grid model_zoo.factory train.release.publish train.release.package train.trainer.loop "
    "train.evaluation.calibration train.evaluation.curves train.release.quantization train.dataset.splits",
    4: "model_zoo.loading explorer.faces.finders explorer.exports.annotate explorer.pages.components.moment explorer.finder_race",
    # where the zoo is opened and made
    5: "explorer.pages.components.controls train.dataset.extraction explorer.pipeline explorer.inference.runners explorer.face_map.mapping "
    "explorer.pages.components.finder_grid train.trainer.recipe_runner",
    6: "explorer.inference.latency explorer.plots.face_map explorer.pages.components.results explorer.pages.zoo train.release.checks",
    # pages, the API, and what the training commands share
    7: "train.evaluation.measure explorer.pages.compare explorer.api.endpoints train.cli train.studies.runner",
    8: "train.release.releaser explorer.pages.tradeoff explorer.pages.face_map explorer.pages.finders explorer.api.jobs "
    "train.release.cards",
    # entry points
    9: "app train.train train.distill train.prune train.quantize train.evaluate train.build_zoo "
    "train.build_dataset train.write_cards train.push_zoo train.push_space train.make_reference",
}
FLOOR = {module: floor for floor, modules in FLOORS.items() for module in modules.split()}


def module_files() -> dict[str, Path]:
    packages = ("explorer", "model_zoo", "train")
    paths = [ROOT / "app.py", *(path for package in packages for path in (ROOT / package).rglob("*.py"))]
    relative = {path.relative_to(ROOT).with_suffix(""): path for path in paths if path.name != "__init__.py"}
    return {".".join(module.parts): path for module, path in relative.items()}


def imports(path: Path) -> set[str]:
    """The project's own modules that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found & set(module_files())


def test_every_module_has_a_floor():
    assert set(module_files()) == set(FLOOR)


@pytest.mark.parametrize("module", sorted(FLOOR))
def test_imports_go_down(module):
    path = module_files()[module]
    not_lower = {imported: FLOOR[imported] for imported in imports(path) if FLOOR[imported] >= FLOOR[module]}
    assert not not_lower, f"{module} stands on floor {FLOOR[module]} and imports {not_lower}"


@pytest.mark.parametrize("module", [name for name in sorted(FLOOR) if not name.startswith("train.")])
def test_serving_never_imports_train(module):
    assert not any(imported.startswith("train") for imported in imports(module_files()[module]))


def test_model_zoo_never_imports_explorer():
    for module, path in module_files().items():
        if module.startswith("model_zoo."):
            assert not any(imported.startswith("explorer") for imported in imports(path))
