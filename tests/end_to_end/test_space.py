"""The Space as it is published runs without train/ and serves the zoo of the Hub."""

import gradio_client
import pytest

from train.push_space import space_files, write_files

ZOO = "maker/zoo"


@pytest.fixture
def space(hub, publish, small_release, tmp_path, start_app):
    """The published tree running on its own, serving a zoo of two from the Hub; yields its address and the commit."""
    pinned = publish(ZOO, small_release)
    write_files(space_files("maker/explorer", ZOO), tmp_path / "space")
    settings = {"ZOO_REPO": ZOO, "ZOO_REVISION": "main", "HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "space-hf")}
    with start_app(tmp_path / "space", **settings) as address:
        yield address, pinned


def test_the_space_runs_without_train(space, examples, tmp_path):
    address, pinned = space
    assert not (tmp_path / "space" / "train").exists()
    client = gradio_client.Client(address, verbose=False)
    clip = gradio_client.handle_file(examples["Two people"])
    report = client.predict(clip, frames=4, finder="haar", api_name="/analyze")
    assert report["zoo"] == {"source": ZOO, "revision": pinned, "note": ""}
    assert [row["name"] for row in report["variants"]] == ["lite0_kd_p40", "lite0_kd_p40_int8"]
    assert all(row["verdict"] == "fake" for row in report["variants"])
    assert report["errors"] == []
