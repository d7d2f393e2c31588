import numpy as np
import pytest
from safetensors.numpy import save_file

from model_zoo.errors import BadGuest
from model_zoo.guests.safetensors_file import sizes_of


def test_sizes_come_from_the_header(tmp_path):
    save_file({"a": np.zeros((2, 3), np.float16), "b": np.zeros(4, np.float32)}, tmp_path / "m.safetensors")
    assert sizes_of(tmp_path / "m.safetensors") == {"a": 6, "b": 4}


def test_what_is_none_is_refused(tmp_path):
    (tmp_path / "m.safetensors").write_bytes(b"\x80\x04pickle, not safetensors")
    with pytest.raises(BadGuest, match="no valid safetensors file"):
        sizes_of(tmp_path / "m.safetensors")
