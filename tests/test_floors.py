"""A file imports only from lower floors; nothing that serves imports train/."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = {
    # data and pure functions
    0: "explorer.structures explorer.cores explorer.working_size explorer.errors explorer.limits explorer.places "
    "explorer.boxes explorer.means explorer.scores explorer.palette explorer.pareto model_zoo.variants "
    "model_zoo.errors model_zoo.zoo train.errors train.losses",
    # one engine each
    1: "explorer.video explorer.writer explorer.people explorer.tracks explorer.haar explorer.pyramid "
    "explorer.engines explorer.asked explorer.doors explorer.fetch explorer.sweep explorer.deadline "
    "explorer.crops explorer.timing explorer.heatmaps explorer.plots explorer.report explorer.selection "
    "explorer.doubts explorer.embedding explorer.reference explorer.thumbnails model_zoo.efficientnet "
    "model_zoo.detector model_zoo.pruned model_zoo.checksums model_zoo.manifest train.recipes train.sources "
    "train.augment train.forge train.graphs train.golden",
    # what is built of those
    2: "explorer.cascade explorer.mtcnn_networks explorer.decoding explorer.gradients explorer.examples "
    "explorer.summary explorer.mosaic explorer.features explorer.tradeoff_plots model_zoo.weights model_zoo.hub "
    "train.pairs train.metrics train.pruning train.run train.studies train.layouts train.sampling",
    # assembly
    3: "explorer.decoder explorer.mtcnn explorer.takeaway explorer.pages.theme explorer.pages.cards "
    "explorer.pages.heatmap_grid model_zoo.factory train.publication train.release train.loop "
    "train.calibration train.curves train.quantization train.splits",
    4: "model_zoo.released explorer.faces explorer.render explorer.pages.moment explorer.finder_race",
    # where the zoo is opened and made
    5: "explorer.pages.controls train.harvest explorer.pipeline explorer.runners explorer.face_map "
    "explorer.pages.finder_grid train.workshop",
    6: "explorer.latency explorer.face_plot explorer.pages.results explorer.pages.zoo train.inspection",
    # pages, the API, and what the training commands share
    7: "train.evaluation explorer.pages.compare explorer.api train.options train.comparison",
    8: "train.release_desk explorer.pages.tradeoff explorer.pages.face_map explorer.pages.finders explorer.tools "
    "train.cards",
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
