from dataclasses import replace

from model_zoo.manifest import read_manifest
from model_zoo.variants import VARIANTS
from train.release.provenance import looks_at, provenance_of


def test_our_own_weights_are_for_research_and_start_from_a_trunk():
    provenance = provenance_of(read_manifest()["lite0"])
    assert (provenance.licence, provenance.licence_name) == ("other", "research-use")
    assert provenance.base == "timm/efficientnet_lite0.ra_in1k"
    assert "Temperature and threshold were fitted on validation" in provenance.fitted


def test_published_weights_have_their_authors_terms():
    facts = read_manifest()["lite0"]
    files = {path.replace("lite0/", "meso4_df/"): sha for path, sha in facts.files.items()}
    source = {"paper": "Afchar et al.", "licence": "Apache-2.0", "file": "Meso4_DF.h5", "data": "faces"}
    weights = facts.weights.replace("lite0/", "meso4_df/")
    row = replace(facts, name="meso4_df", files=files, weights=weights, training={"published": source})
    provenance = provenance_of(row)
    assert (provenance.licence, provenance.licence_name, provenance.base) == ("apache-2.0", None, None)
    assert "`Meso4_DF.h5` and otherwise as they are" in provenance.research
    assert "authors' margin" in provenance.fitted


def test_what_is_unusual_in_what_it_takes_is_said():
    assert looks_at(VARIANTS["lite0"]) == ""
    assert looks_at(replace(VARIANTS["lite0"], clip_length=15)) == " It takes 15 consecutive frames of a face at once."
    assert "gives no evidence map" in looks_at(VARIANTS["meso4_df"])
