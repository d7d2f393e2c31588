from pathlib import Path

from explorer.pages.components.guest_words import guest_list, guest_words
from model_zoo.guest import Guest, Labels, Refused, View
from model_zoo.zoo import Zoo

LABELS = Labels(("<b>fake</b>", "real"), (0,), (1,))
HUB = Guest("a", "user/a", "c" * 40, "onnx", Path("f"), "model.onnx", "d" * 64, 2_500_000, 1_200_000,
            View(1.3, 256, 224, "bicubic"), LABELS)  # fmt: skip
SCORES = Guest("mine", "/home/me", "e" * 64, "scores", Path("f"), "scores.csv", "e" * 64, 0)


def test_what_a_guest_is_and_how_it_was_read():
    words = guest_words(HUB)
    assert 'href="https://huggingface.co/user/a/tree/cccccccc' in words and "user/a at ccccccc</a>" in words
    assert "fake: &lt;b&gt;fake&lt;/b&gt; (output 0); real: real (output 1)" in words
    assert "sees the middle 224 of 256 px (bicubic) of 1.3 x the face box" in words


def test_a_folder_of_the_owners_is_not_told():
    assert guest_words(SCORES) == "Guest, a file of sha256 eeeeeeeeeeee; its scores were computed elsewhere"


def test_all_are_listed_the_refused_with_the_reason():
    zoo = Zoo(Path("z"), "bundled", "0", guests=(HUB, SCORES), refused=(Refused("b", "user/b", "no <such> thing"),))
    page = guest_list(zoo)
    assert "<b>a</b>" in page and "1.20 M parameters, 2.5 MB" in page and "<b>mine</b>" in page
    assert "<b>b</b> is not served: no &lt;such&gt; thing." in page
    assert guest_list(Zoo(Path("z"), "bundled", "0")) == ""
