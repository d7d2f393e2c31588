"""Variants whose weights are their authors', released as they are."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path

from explorer.inference.engines import open_engine
from model_zoo.factory import build, variant_named
from model_zoo.files import sha256_of
from model_zoo.manifest import RELEASE, Released
from train.release.golden import golden_logits
from train.release.keras_weights import fill, read_layers
from train.release.package import add_to_manifest, put_into_release


@dataclass(frozen=True)
class Source:
    """Where published weights come from: the file, who made it, on which terms, and what it was trained on."""

    file: str
    paper: str
    licence: str
    data: str


BESIDE = RELEASE.with_name("beside")  # variants of ours that are in the repository and not in the bundled zoo
_PAPER, _LICENCE = "Afchar et al., MesoNet, WIFS 2018", "Apache-2.0"
_DATA = "the authors' faces of Deepfakes found on the web, and of real people"
SOURCES = {
    "meso4_df": Source("Meso4_DF.h5", _PAPER, _LICENCE, _DATA),
    "mesoinception_df": Source("MesoInception_DF.h5", _PAPER, _LICENCE, _DATA),
}


def release_published(name: str, path: Path, release: Path) -> Released:
    """Write `<release>/<name>/` and its row of the manifest from a Keras file, at the threshold 1/2 of its authors.

    Raises BadWeights.
    """
    detector = build(variant_named(name))
    fill(detector.network, read_layers(path), path.name)
    training = {"published": asdict(SOURCES[name]) | {"sha256": sha256_of(path)}}
    row = put_into_release(variant_named(name), detector.eval(), training, release)
    run = open_engine("auto", Path(release) / row.graph, lambda: None)
    golden = [round(float(logit), 5) for logit in golden_logits(run, variant_named(name).crop_shape)]
    return add_to_manifest(replace(row, golden=golden), release)
