"""The command, against a Hub on loopback."""

from model_zoo.manifest import read_manifest

REPO = "maker/zoo"


def test_the_command(hub, ask_hub, small_release):
    command = ("train/push_zoo.py", "--repo", REPO, "--release", small_release, "--revision-tag", "v1")
    planned = ask_hub(*command, "--dry-run")
    assert planned.returncode == 0, planned.stderr
    size = (small_release / "lite0_kd_p40" / "model.safetensors").stat().st_size
    assert f"{size:,}  lite0_kd_p40/model.safetensors" in planned.stdout
    assert "would go to maker/zoo" in planned.stdout
    assert hub.requests == []
    done = ask_hub(*command)
    assert done.returncode == 0, done.stderr
    repo = hub.repos["model", REPO]
    commit = repo.commits[-1]
    assert repo.tags == {"v1": commit.sha}
    assert f"commit {commit.sha}, tag v1" in done.stdout
    manifest = read_manifest(small_release)
    paths = {path for row in manifest.variants.values() for path in (*row.files, f"{row.name}/README.md")}
    assert set(commit.files) == paths | {"manifest.json", "README.md", ".gitattributes"}
    card = commit.files["README.md"].decode()
    assert "base_model: timm/efficientnet_lite0.ra_in1k" in card
    assert "name: AUC (lite0_kd_p40)" in card
    assert "Research use" in card
    again = ask_hub(*command)
    assert "nothing has changed" in again.stdout
    assert (len(repo.commits), len(hub.uploads)) == (2, 3)  # "initial commit" and ours; two graphs and the weights
