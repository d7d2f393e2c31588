from explorer.pages.components.scope_panel import in_words, scope_table
from model_zoo.manifest import Released
from tests.support.html import text


def released(name: str, **facts) -> Released:
    files = {f"{name}/model.onnx": "0", f"{name}/model.safetensors": "1"}
    return Released(name, "efficientnet_b0", 160, f"{name}/model.safetensors", files, 1, 1, 1, **facts)


def auc(value: float, low: float, better: bool | None, clips: int = 30) -> dict:
    return {"clips": clips, "auc": value, "auc_interval": [low, 0.99], "better_than_chance": better}


FEW = auc(0.9, 0.4, None, clips=5)
SWAP = {"swap": auc(0.84, 0.79, True), "generated": auc(0.51, 0.41, False)}
B0 = released("b0", scope=SWAP, metrics={"elsewhere": {"false_alarms": {"clips": 60, "called_fake": 3}}})


def test_what_was_not_measured_is_not_guessed():
    page = text(scope_table(["b0"], {"b0": released("b0")}))
    assert "not measured: not at face swaps, reenactments, lip-syncs, generated heads and whole-face forgeries." in page
    assert not any(character.isdigit() for character in page)
    partly = text(scope_table(["b0"], {"b0": B0}))
    assert partly.count("not measured") == 4  # three kinds, and swaps beside their originals


def test_figures_come_with_interval_count_and_what_they_mean():
    page = text(scope_table(["b0"], {"b0": B0}))
    assert "0.84 (0.79-0.99, 30 clips) ✓ better than chance" in page
    assert "0.51 (0.41-0.99, 30 clips) ≈ no better than chance" in page
    assert "3 of 60" in page
    assert "On generated heads none of these detectors was measured to be better than chance" in page
    assert "Not measured: reenactments, lip-syncs and whole-face forgeries." in page


def test_detectors_that_differ_are_not_lumped_together():
    other = released("lite0", scope={"swap": auc(0.6, 0.45, False), "generated": auc(0.9, 0.5, None, clips=4)})
    words = in_words([B0, other])
    assert "On face swaps and generated heads they differ." in words
    assert "none of these" not in words
    assert "Of lip-syncs there are too few clips to tell." in in_words([released("b0", scope={"lipsync": FEW})])
    assert "4 clips ? too few clips to tell" in text(scope_table(["lite0"], {"lite0": other}))


def test_a_variant_that_is_not_in_the_zoo_is_left_out():
    assert scope_table(["b9"], {"b0": B0}) == ""
