from pathlib import Path

import pytest

from model_zoo.errors import BadGuest
from model_zoo.guests.declared import Declared, declared_guests, is_scores

NONE = Path("no/guests.toml")


def test_nothing_is_declared_by_itself():
    assert declared_guests("", NONE) == ()


def test_the_environment_names_repositories_at_revisions():
    first, second = declared_guests(" user/my-model@v1, other/my-model ", NONE)
    assert (first.name, first.repo, first.revision) == ("my_model", "user/my-model", "v1")
    assert (second.name, second.repo, second.revision) == ("other_my_model", "other/my-model", "main")


def test_a_file_says_more(tmp_path):
    file = tmp_path / "guests.toml"
    file.write_text("""
[[guest]]
repo = "user/b0"
revision = "abc"
file = "onnx/model_quantized.onnx"
margin = 1.6
fake = ["LABEL_1"]
real = ["LABEL_0"]

[[guest]]
name = "elsewhere"
folder = "mine"
file = "scores.csv"
""")
    for guests in (declared_guests("", file), declared_guests(str(file), NONE)):
        b0, scores = guests
        assert (b0.name, b0.margin, b0.fake, b0.real) == ("user_b0", 1.6, ("LABEL_1",), ("LABEL_0",))
        assert (scores.name, scores.folder) == ("elsewhere", str(tmp_path / "mine"))
        assert is_scores(scores) and not is_scores(b0)


@pytest.mark.parametrize("text", ["model", "a/b/c", "user/model name", "https://hub/user/model", "../../etc/passwd"])
def test_what_names_no_repository_is_refused(text):
    with pytest.raises(BadGuest, match="takes user/model@revision"):
        declared_guests(text, NONE)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("guest = 3", "tables and nothing else"),
        ("[[guest]]\nrepo = 'u/m'\ncolour = 'red'", "unknown key 'colour'"),
        ("[[guest]]\nrepo = 'u/m'\nmargin = 'wide'", "of the wrong kind"),
        ("[[guest]]\nrepo = 'u/m'\nmargin = 9", "a margin of 9"),
        ("[[guest]]\nrepo = 'u/m'\nthreshold = 1", "a threshold of 1"),
        ("[[guest]]\nrepo = 'u/m'\nfile = '../model.onnx'", "which is no .onnx"),
        ("[[guest]]\nrepo = 'u/m'\nfile = 'model.pkl'", "which is no .onnx"),
        ("[[guest]]\nrepo = 'u/m'\nsha256 = 'abc'", "not 64 hexadecimal digits"),
        ("[[guest]]\nrepo = 'u/m'\nform = 'keras'", "there are onnx, timm, scores"),
        ("[[guest]]\nrepo = 'u/m'\nfolder = 'm'", "needs either repo or folder"),
        ("[[guest]]\nname = 'a b'\nrepo = 'u/m'", "needs a name of letters"),
        ("[[guest]]\nname = 'lite0'\nrepo = 'u/m'", "two detectors are called 'lite0'"),
        ("[[guest]", "cannot be read"),
    ],
)
def test_what_cannot_be_meant_is_said(tmp_path, content, why):
    file = tmp_path / "guests.toml"
    file.write_text(content)
    with pytest.raises(BadGuest, match=why):
        declared_guests("", file)


def test_there_is_an_end_to_guests():
    with pytest.raises(BadGuest, match="17 guests are declared; at most 16"):
        declared_guests(",".join(f"user/m{i}" for i in range(17)), NONE)


def test_where_it_comes_from():
    assert Declared("a", repo="user/a").source == "user/a" and Declared("a", folder="/a/b").source == "b"
