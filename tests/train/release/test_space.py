import ast

from huggingface_hub import SpaceCard

from train.release.space import ROOT, ZEROGPU, preload_line, requirements, space_card, written_files

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_space_on_zerogpu_names_its_python_and_its_own_entry():
    card = SpaceCard(space_card(README, "maker/explorer", "maker/zoo", ZEROGPU)).data.to_dict()
    assert (card["python_version"], card["app_file"]) == ("3.12.12", "zerogpu.py")
    assert card["suggested_hardware"] == "zero-a10g"
    files = written_files(ZEROGPU, "card")
    assert set(files) == {"README.md", "requirements.txt", "zerogpu.py"}
    assert "spaces.GPU" in ast.unparse(ast.parse(files["zerogpu.py"].decode()))


def test_its_requirements_are_locked_with_a_torch_that_it_has():
    text = requirements(ZEROGPU)
    assert "torch==2.11.0 " in text and "torchvision==0.26.0 " in text and "spaces==" in text
    assert "--hash=sha256:" in text and "://" not in text


def test_on_a_cpu_it_is_what_it_was():
    card = SpaceCard(space_card(README, "maker/explorer", "maker/zoo")).data.to_dict()
    assert (card["python_version"], card["app_file"], card["suggested_hardware"]) == ("3.11", "app.py", "cpu-basic")
    assert "preload_from_hub" not in card
    assert requirements().startswith("--extra-index-url https://download.pytorch.org/whl/cpu\n")
    assert set(written_files("cpu-basic", "card")) == {"README.md", "requirements.txt"}


def test_a_line_of_preload_is_repository_files_and_commit():
    line = preload_line("maker/zoo", "c" * 40, ["manifest.json", "b0/model.onnx"])
    card = SpaceCard(space_card(README, "maker/explorer", "maker/zoo", preload=line)).data.to_dict()
    assert card["preload_from_hub"] == [f"maker/zoo manifest.json,b0/model.onnx {'c' * 40}"]
