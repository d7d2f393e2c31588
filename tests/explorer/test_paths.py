"""Where uploads lie."""

from pathlib import Path

from explorer import paths


def test_uploads_lie_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "new" / "uploads"))
    assert paths.uploads() == tmp_path / "new" / "uploads"
    assert (tmp_path / "new" / "uploads").is_dir()


def test_without_it_they_lie_in_the_cache_and_nobody_else_looks_in(monkeypatch, tmp_path):
    monkeypatch.delenv("GRADIO_TEMP_DIR", raising=False)
    monkeypatch.setattr(paths, "CACHE", tmp_path)
    assert paths.uploads() == tmp_path / "uploads"
    assert (tmp_path / "uploads").stat().st_mode & 0o077 == 0


def test_where_nothing_can_be_written_they_lie_elsewhere(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "file" / "below"))
    instead = paths.uploads()
    assert instead.is_dir() and instead != Path(tmp_path / "file" / "below")
