import pytest
import torch
from safetensors.torch import load_file, save_file

from model_zoo.errors import BadWeights
from train import import_trunks


def test_every_trunk_is_written_under_its_architectures_name(tmp_path, monkeypatch):
    lite0 = tmp_path / "lite0.safetensors"
    save_file({"conv_stem.weight": torch.ones(2)}, lite0)
    monkeypatch.setattr(import_trunks, "trunk_of", lambda architecture, packages: {"fc": torch.zeros(1)})
    import_trunks.import_all(tmp_path, lite0, tmp_path / "trunks")
    written = sorted(path.stem for path in (tmp_path / "trunks").iterdir())
    assert written == ["efficientnet_b0", *(f"efficientnet_lite{n}" for n in (0, 1, 2)), "legacy_xception"]
    assert load_file(tmp_path / "trunks" / "efficientnet_b0.safetensors")["conv_stem.weight"].tolist() == [1, 1]
    with pytest.raises(BadWeights, match=r"none\.safetensors is missing; name Lite0's"):
        import_trunks.import_all(tmp_path, tmp_path / "none.safetensors", tmp_path)
