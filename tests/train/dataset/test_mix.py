from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.support.faces import face_crop, picture
from train.dataset import mix
from train.dataset.crop_set import decoded, encoded
from train.dataset.mix import Mix, MixedPairs
from train.errors import BadData

DFDC = [face_crop(f"d{i}", i % 2, "dfdc", f"d{i - i % 2}", i) for i in range(8)]
PORTRAITS = [face_crop(f"p{i}", 0, "portraits", f"p{i}", 20 + i) for i in range(4)]
CLIPS = [
    face_crop("lab/a real", 0, "lab/a", "x", 30),
    face_crop("lab/a fake", 1, "lab/a", "x", 31, "lipsync"),
    face_crop("lab/b one", 1, "lab/b", "y", 32, "generated"),  # a source without reals
]
CROPS = DFDC + PORTRAITS + CLIPS
PLAIN = dict(hard=0.0, extra=0.0)


@pytest.fixture
def untouched(monkeypatch):
    """Crops are neither framed nor recoloured nor degraded."""
    monkeypatch.setattr("train.dataset.mix.match_colours", lambda image, goal, mask, strength: image)
    monkeypatch.setattr(MixedPairs, "_framed", lambda self, pair, rng: pair)
    monkeypatch.setattr("train.dataset.mix.degrade.ordinary", lambda rng: [])
    monkeypatch.setattr("train.dataset.mix.degrade.hard", lambda rng: [])


def name_of(image: torch.Tensor) -> str | None:
    """The crop that an untouched image is."""
    return next((crop.name for crop in CROPS if np.array_equal(decoded(crop.image), image.numpy())), None)


def test_a_pair_is_a_real_crop_and_a_fake_one():
    pairs = MixedPairs(CROPS, Mix(), 48, seed=0, length=10)
    assert len(pairs) == 10
    for i in range(10):
        crops, labels = pairs[(0, i)]
        assert crops.shape == (2, 48, 48, 3) and crops.dtype == torch.uint8
        assert labels.tolist() == [0, 1] and labels.dtype == torch.float32


def test_draws_follow_from_seed_epoch_and_position():
    first, again, other = (MixedPairs(CROPS, Mix(), 64, seed) for seed in (1, 1, 2))
    for i in range(6):
        assert torch.equal(first[(0, i)][0], again[(0, i)][0])
    assert not torch.equal(first[(0, 0)][0], other[(0, 0)][0])
    assert not torch.equal(first[(0, 0)][0], first[(1, 0)][0])


def test_own_pairs_are_an_original_and_its_fake(untouched):
    pairs = MixedPairs(CROPS, Mix(own=1, elsewhere=0, **PLAIN), 64, seed=0)
    names = {tuple(name_of(image) for image in pairs[(0, i)][0]) for i in range(40)}
    assert names == {(f"d{i}#0", f"d{i + 1}#0") for i in (0, 2, 4, 6)}


def test_fakes_of_elsewhere_stand_beside_their_original_or_a_real_of_any_source(untouched):
    pairs = MixedPairs(CROPS, Mix(own=0, elsewhere=1, **PLAIN), 64, seed=0)
    drawn = [tuple(name_of(image) for image in pairs[(0, i)][0]) for i in range(60)]
    beside = {fake: {real for real, other in drawn if other == fake} for _, fake in drawn}
    assert set(beside) == {"lab/a fake#0", "lab/b one#0"}
    assert beside["lab/a fake#0"] == {"lab/a real#0"}
    assert len(beside["lab/b one#0"]) > 3
    assert all(name.startswith(("d", "p", "lab/a real")) for name in beside["lab/b one#0"])


def test_strangers_often_share_their_colours():
    bright, dark = np.full((8, 8, 3), 200, np.uint8), np.full((8, 8, 3), 60, np.uint8)
    gaps = [
        abs(float(real.mean()) - float(fake.mean()))
        for real, fake in (mix._alike(dark, bright, np.random.default_rng(seed)) for seed in range(40))
    ]
    assert 0.5 < np.mean(np.array(gaps) < 100) < 0.9
    assert max(gaps) == 140


@pytest.mark.parametrize("kind", ["self_blend", "swap", "speak", "generate"])
def test_forged_pairs_are_a_real_face_and_a_forgery_of_it(untouched, kind):
    crops = [replace(crop, twin=encoded(255 - picture(5))) if crop.label == 0 else crop for crop in CROPS]
    pairs = MixedPairs(crops, Mix(own=0, elsewhere=0, forgeries={kind: 1.0}, restyled=0.0, **PLAIN), 64, seed=0)
    for i in range(6):
        real, forged = pairs[(0, i)][0]
        assert name_of(real) is not None and name_of(forged) is None
        assert not torch.equal(real, forged)


def test_faces_without_landmarks_are_never_forged_from(untouched):
    crops = [replace(crop, landmarks=None) if crop.source == "dfdc" else crop for crop in CROPS]
    pairs = MixedPairs(crops, Mix(own=0, elsewhere=0, restyled=0.0, **PLAIN), 64, seed=0)
    sources = Counter(name_of(pairs[(0, i)][0][0])[0] for i in range(20))
    assert set(sources) <= {"p", "l"}


def test_either_crop_stands_left_in_the_picture_that_is_compressed(untouched, monkeypatch):
    firsts = []
    monkeypatch.setattr("train.dataset.mix.degrade.applied", lambda steps, pair: firsts.append(pair[0]) or pair)
    pairs = MixedPairs(CROPS, Mix(own=1, elsewhere=0, **PLAIN), 64, seed=0)
    for i in range(40):
        crops, _ = pairs[(0, i)]
        assert name_of(crops[0]) in {f"d{k}#0" for k in (0, 2, 4, 6)}  # and they go back to their places
    real = {name for name in (name_of(torch.from_numpy(image)) for image in firsts) if int(name[1]) % 2 == 0}
    assert real and len(real) < len({name_of(torch.from_numpy(image)) for image in firsts})


def test_a_set_without_pairs_is_refused():
    with pytest.raises(BadData, match="no DFDC pairs"):
        MixedPairs(PORTRAITS, Mix(), 64, seed=0)
    with pytest.raises(BadData, match="landmarks"):
        MixedPairs([replace(crop, landmarks=None) for crop in CROPS], Mix(), 64, seed=0)


def test_what_a_generator_makes_is_of_faces_with_twins(untouched):
    twinned = [replace(crop, twin=encoded(255 - decoded(crop.image))) for crop in PORTRAITS[:1]]
    crops = [*twinned, *PORTRAITS[1:], *DFDC]
    pairs = MixedPairs(crops, Mix(own=0, elsewhere=0, forgeries={"generate": 1}, restyled=0, **PLAIN), 64, seed=0)
    assert {name_of(pairs[(0, i)][0][0]) for i in range(12)} == {"p0#0"}


def test_pairs_that_are_not_degraded_are_as_sharp_as_they_are(monkeypatch):
    monkeypatch.setattr(MixedPairs, "_framed", lambda self, pair, rng: pair)
    pairs = MixedPairs(CROPS, Mix(own=1, elsewhere=0, degraded=False), 64, seed=0)
    assert all(name_of(image) for i in range(6) for image in pairs[(0, i)][0])
