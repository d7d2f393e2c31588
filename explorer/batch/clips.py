"""Which clips are meant: files, folders, patterns, and tables that name them."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from glob import glob, has_magic
from pathlib import Path

from explorer.batch.labels import FAMILY, LABEL, TABLES, Cells, Labels, checked, column_of, read_table
from explorer.errors import InvalidRequest

_VIDEOS = ".mp4 .m4v .mov .mkv .webm .avi .ts .mts .m2ts .mpg .mpeg .flv .ogv .wmv .asf .3gp .gif .ivf .h264 .hevc"
_PHOTOS = ".jpg .jpeg .png .webp .avif .heic .heif"
ENDINGS = frozenset(f"{_VIDEOS} {_PHOTOS}".split())  # of what is looked for in a folder


PATH, SIZE, MODIFIED = "path", "bytes", "modified_ns"  # what a clip is known by


@dataclass(frozen=True)
class Listed:
    """A clip and what was said of it, such as its label."""

    path: Path
    given: Cells = field(default_factory=dict)


@dataclass
class Listing:
    """The clips in order, each once, and sentences on what could not be looked into."""

    clips: dict[Path, Listed] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, path: Path, given: Cells | None = None) -> None:
        """Add a clip. Raises InvalidRequest where it was named before with another label."""
        path, given = Path(os.path.abspath(path)), given or {}
        before = self.clips.get(path)
        if before is None:
            self.clips[path] = Listed(path, given)
            return
        for key in (LABEL, FAMILY):
            if key in given and before.given.get(key, given[key]) != given[key]:
                raise InvalidRequest(f"{path.name} is named twice, as {before.given[key]} and as {given[key]}")
        self.notes.append(f"{path.name} is named twice; it is judged once")
        self.clips[path] = Listed(path, before.given | given)


def spelled(path: Path) -> str:
    """A path as a table can hold it: bytes that are no text, which a file's name may have, as backslashes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def identity(path: Path) -> Cells:
    """What a clip is known by; without a size where it is not there."""
    try:
        facts = path.stat()
    except OSError:
        return {PATH: spelled(path), SIZE: None, MODIFIED: None}
    return {PATH: spelled(path), SIZE: facts.st_size, MODIFIED: facts.st_mtime_ns}


def list_clips(words: Sequence[str], column: str | None = None) -> Listing:
    """The clips that the words name. Raises InvalidRequest where one names nothing."""
    listing = Listing()
    for word in words:
        path = Path(word)
        if path.is_dir():
            _add_folder(listing, path)
        elif path.suffix.lower() in TABLES:
            _add_table(listing, path, column)
        elif has_magic(word) and not path.exists():
            _add_pattern(listing, word)
        elif path.exists() or path.is_symlink():
            listing.add(path)
        else:
            raise InvalidRequest(f"{word} does not exist; name clips, folders, patterns or a table of paths")
    return listing


def with_labels(listing: Listing, labels: Labels) -> Listing:
    """The same clips with what the labels say of them; notes tell what did not meet, and what met more than once."""
    clips = {path: Listed(path, clip.given | labels.of(path)) for path, clip in listing.clips.items()}
    unnamed = sum(LABEL not in clip.given for clip in clips.values())
    met = Counter(key for path in clips if (key := labels.key_of(path)) is not None)
    shared = [key for key, count in met.items() if count > 1]
    notes = [f"{unnamed} of {len(clips)} clips have no label"] if unnamed else []
    if len(met) < len(labels):
        notes.append(f"{len(labels) - len(met)} of {len(labels)} names in {labels.where} are those of no clip here")
    if shared:
        notes.append(
            f"{labels.where} names several clips by {shared[0]}; each has its label, name them by their folders"
        )
    return Listing(clips, listing.notes + notes)


def _add_folder(listing: Listing, folder: Path) -> None:
    before = len(listing.clips) + len(listing.notes)
    for path in _clips_below(folder, listing):
        listing.add(path)
    if len(listing.clips) + len(listing.notes) == before:
        raise InvalidRequest(f"{folder} holds no clips and no photos; name another folder")


def _clips_below(folder: Path, listing: Listing) -> Iterator[Path]:
    """The clips in a folder and all below it, links to folders followed, each folder once."""

    def unreadable(error: OSError) -> None:
        listing.notes.append(f"{error.filename} cannot be looked into ({error.strerror}); its clips are left out")

    seen: set[tuple[int, int]] = set()
    for inside, folders, files in os.walk(folder, onerror=unreadable, followlinks=True):
        status = os.stat(inside)
        if (status.st_dev, status.st_ino) in seen:
            listing.notes.append(f"{inside} leads back to a folder that was looked into; it is passed over")
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        folders.sort()
        yield from (Path(inside, name) for name in sorted(files) if _is_clip(name))


def _is_clip(name: str) -> bool:
    return Path(name).suffix.lower() in ENDINGS and not name.startswith(".")


def _add_pattern(listing: Listing, word: str) -> None:
    found = [Path(path) for path in sorted(glob(word, recursive=True))]
    if not found:
        raise InvalidRequest(f"nothing is named like {word}")
    for path in found:
        if path.is_dir():
            for inside in _clips_below(path, listing):
                listing.add(inside)
        else:
            listing.add(path)


def _add_table(listing: Listing, path: Path, column: str | None) -> None:
    """The clips that a table names, relative to its own folder where they lie there; its other cells are carried."""
    rows = read_table(path, column)
    named = column_of(rows, column, path.name)
    for number, row in enumerate(checked(rows, path.name), start=1):
        if row[named] is None:
            raise InvalidRequest(f"{path.name}, row {number}, names no clip")
        clip = Path(str(row[named]))
        beside = path.parent / clip
        listing.add(
            beside if beside.exists() or not clip.exists() else clip, {k: v for k, v in row.items() if k != named}
        )
