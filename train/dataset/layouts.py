"""The layouts in which data sets lie on disk, each read as a list of labelled clips."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from train.dataset.items import CLASSES, FAKE, REAL
from train.errors import BadData

METHODS = ("Deepfakes", "Face2Face", "FaceShifter", "FaceSwap", "NeuralTextures")  # FaceForensics++'s manipulations
DFD = "DeepFakeDetection"  # Google's part of it (Dufour & Gully, 2019), of actors
REAL_PARTS = ("youtube", "actors")
COMPRESSION = "c23"  # H.264 at a constant rate factor of 23, "high quality"; the others are raw and c40
OFFICIAL_FILES = {"train": "train.json", "validation": "val.json", "test": "test.json"}  # FaceForensics++
TEST_LIST = "List_of_testing_videos.txt"  # Celeb-DF
IMAGES = {".jpg", ".jpeg", ".png"}
CLIPS = {".mp4", ".avi", ".mov", ".mkv", ".webm", ".m4v", ".mpg", ".mpeg"}


@dataclass(frozen=True)
class Clip:
    """A labelled clip, or image, of a data set, not opened yet. `name` is unique in its data set and holds no root.

    `original` names the real clip that a fake was made from, the clip itself where it is real or that is unknown.
    All clips of one `group` must land in one split. `split` is the official one ("train", "validation", "test").
    """

    path: Path
    name: str
    label: int
    original: str
    category: str
    group: str
    split: str | None = None


def faceforensics(root: Path, compression: str = COMPRESSION) -> list[Clip]:
    """FaceForensics++ (Rössler et al., ICCV 2019): original_sequences/{youtube,actors}, manipulated_sequences/<method>.

    AAA_BBB is the clip AAA with the face, or the expression, of BBB: both count as one group, with all made from them.
    In its part DeepFakeDetection, AA_BB__SCENE__X is the clip AA__SCENE of the actor AA with the face of BB.
    Official splits are read from splits/{train,val,test}.json, or from the root. Raises BadData.
    """
    root = _folder(root)
    folders = {name: root / "manipulated_sequences" / name / compression / "videos" for name in (*METHODS, DFD)}
    folders |= {name: root / "original_sequences" / name / compression / "videos" for name in REAL_PARTS}
    found = [(name, path) for name, folder in folders.items() for path in _visible(folder.glob("*.mp4"))]
    groups = _connected(_forensics_people(name, path)[0] for name, path in found)
    official = _official_splits(root)
    clips = []
    for name, path in found:
        (target, *_), original = _forensics_people(name, path)
        label = REAL if name in REAL_PARTS else FAKE
        clips.append(Clip(path, f"{name}/{path.stem}", label, original, name, groups[target], official.get(target)))
    hint = "; --compression takes " + ", ".join(_compressions(root)) if not found and _compressions(root) else ""
    expected = f"original_sequences/youtube/{compression}/videos/*.mp4 and "
    return _two_classes(clips, root, f"{expected}manipulated_sequences/<method>/{compression}/videos/*.mp4{hint}")


def _forensics_people(part: str, path: Path) -> tuple[list[str], str]:
    """Who is in a clip of FaceForensics++, the target first, and the name of the real clip that it is or was."""
    if part not in (DFD, "actors"):
        numbers = path.stem.split("_")
        return numbers, f"youtube/{numbers[0]}"
    people, scene, *_ = [*path.stem.split("__"), ""]
    actors = [f"actor {number}" for number in people.split("_")]
    return actors, f"actors/{people.split('_')[0]}__{scene}"


def _visible(paths: Iterable[Path]) -> list[Path]:
    """The paths in order, without what macOS leaves beside files on foreign disks and in zips (`._name`)."""
    return sorted(path for path in paths if not path.name.startswith("."))


def _compressions(root: Path) -> list[str]:
    return sorted({folder.parent.name for folder in root.glob("*_sequences/*/*/videos")})


def _official_splits(root: Path) -> dict[str, str]:
    """Clip number -> split, for all numbers in FaceForensics++'s lists of pairs; empty where there are none."""
    splits: dict[str, str] = {}
    for split, file in OFFICIAL_FILES.items():
        for path in [path for path in (root / "splits" / file, root / file) if path.is_file()][:1]:
            try:
                splits |= {str(number): split for pair in json.loads(path.read_text()) for number in pair}
            except (ValueError, TypeError) as error:
                raise BadData(f"{path} is no list of [AAA, BBB] pairs ({error}); download it again") from error
    return splits


def dfdc(root: Path) -> list[Clip]:
    """The Deepfake Detection Challenge (Dolhansky et al., 2020): one part with its metadata.json, or a folder of parts.

    A fake shares the group of its original. Actors are not labelled, so one person may appear in two splits. Clips that
    are listed but absent are returned too, so that they are reported. Raises BadData.
    """
    root = _folder(root)
    lists = [root / "metadata.json"] if (root / "metadata.json").is_file() else sorted(root.glob("*/metadata.json"))
    clips = [clip for path in lists for clip in _dfdc_part(path)]
    return _two_classes(clips, root, "metadata.json, or dfdc_train_part_*/metadata.json, listing REAL and FAKE clips")


def _dfdc_part(metadata: Path) -> Iterator[Clip]:
    """The clips of one part. Its "split" says "train" for every clip of the training parts, so it is no split."""
    try:
        for file, facts in sorted(json.loads(metadata.read_text()).items()):
            label = {"REAL": REAL, "FAKE": FAKE}[facts["label"]]
            name = Path(file).stem
            original = Path(facts.get("original") or file).stem if label == FAKE else name
            yield Clip(metadata.parent / file, name, label, original, CLASSES[label], original)
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        expected = '{"clip.mp4": {"label": "REAL" or "FAKE", "original": ...}}'
        raise BadData(f"{metadata} is not of the form {expected} ({error!r}); download it again") from error


def celeb_df(root: Path) -> list[Clip]:
    """Celeb-DF v2 (Li et al., CVPR 2020): Celeb-real, YouTube-real, Celeb-synthesis and the official test list.

    idA_idB_NNNN is the clip idA_NNNN with the face of idB. Groups are the people linked by any fake, so that no person
    is in both train and validation. The official list, however, takes single clips of nearly every person, so
    its clips can be kept apart from the rest by clip only: they form a group per original. Clips that are not listed
    but share their original with a listed one are for the split to leave out (train/dataset/splits.py). Raises BadData.
    """
    root = _folder(root)
    parts = ("Celeb-real", "YouTube-real", "Celeb-synthesis")
    paths = _visible(path for name in parts for path in root.glob(f"{name}/*.mp4"))
    listed = _test_list(root / TEST_LIST)
    people = _connected(_people(path) for path in paths)
    clips = []
    for path in paths:
        name = f"{path.parent.name}/{path.stem}"
        label = FAKE if path.parent.name == "Celeb-synthesis" else REAL
        original = name if label == REAL else f"Celeb-real/{_people(path)[0]}_{path.stem.split('_')[-1]}"
        split = "test" if f"{name}.mp4" in listed else None
        group = original if split else people[_people(path)[0]]
        clips.append(Clip(path, name, label, original, path.parent.name, group, split))
    return _two_classes(clips, root, f"Celeb-real, YouTube-real, Celeb-synthesis (*.mp4) and {TEST_LIST}")


def _people(path: Path) -> list[str]:
    """Who is in a clip of Celeb-DF: target and donor; a clip of YouTube-real has a person of its own."""
    return re.findall(r"id\d+", path.stem) or [f"{path.parent.name}/{path.stem}"]


def _test_list(path: Path) -> set[str]:
    """The clips of the official list, "Celeb-real/id1_0007.mp4". In it 1 means real and 0 fake, the reverse of our
    labels; the folder says the same, so the number is only checked."""
    if not path.is_file():
        raise BadData(f"{path} is missing; it comes with Celeb-DF v2 and says which clips are the official test split")
    lines = [line.split() for line in path.read_text().splitlines() if line.strip()]
    wrong = [
        line for line in lines if len(line) != 2 or line[0] != str(int(not line[1].startswith("Celeb-synthesis/")))
    ]
    if wrong:
        raise BadData(
            f"{path} has the line {' '.join(wrong[0])!r}; expected '1 <real clip>' or '0 <Celeb-synthesis clip>'"
        )
    return {name for _, name in lines}


def folders(root: Path) -> list[Clip]:
    """Plain folders real/ and fake/ of clips or images, at any depth; the first subfolder is the category.

    An image is a clip of one frame. Images two folders deep, `fake/<method>/<clip>/0001.png`, are the frames of one
    clip and form a group; elsewhere every image is a clip of its own. A fake shares the group of each real clip
    whose name is its own, begins it (`<real>_...`, `<real>-...`) or is one of its parts (`000_003`). Raises BadData.
    """
    root = _folder(root)
    found = [(label, path) for label in (REAL, FAKE) for path in _files(root / CLASSES[label])]
    reals: dict[str, str] = {}  # the key of a real clip -> its name
    for label, path in found:
        if label == REAL:
            reals.setdefault(_key(root, path), path.relative_to(root).as_posix())
    links = {path: _originals(_key(root, path), reals) if label == FAKE else [] for label, path in found}
    groups = _connected([_key(root, path), *links[path]] for _, path in found)
    clips = []
    for label, path in found:
        inside = path.relative_to(root).parts  # ("fake", "method", "clip.mp4")
        name = "/".join(inside)
        original = reals[links[path][0]] if links[path] else name
        category = inside[1] if len(inside) > 2 else CLASSES[label]
        clips.append(Clip(path, name, label, original, category, groups[_key(root, path)]))
    return _two_classes(clips, root, f"real/ and fake/ with {', '.join(sorted(CLIPS | IMAGES))}")


def _files(folder: Path) -> list[Path]:
    paths = (path for path in folder.rglob("*") if path.suffix.lower() in CLIPS | IMAGES and path.is_file())
    return _visible(paths)


def _key(root: Path, path: Path) -> str:
    """What a clip of plain folders is known by: its stem, or the folder of its frames."""
    deep = len(path.relative_to(root).parts) > 3
    return path.parent.name if deep and path.suffix.lower() in IMAGES else path.stem


def _originals(key: str, reals: dict[str, str]) -> list[str]:
    """The keys of the real clips that a fake's name points at, the longest match first, which is its original."""
    cuts = [match.start() for match in re.finditer("[_-]", key)]
    starts = [key[:cut] for cut in [len(key), *reversed(cuts)]]
    return list(dict.fromkeys(part for part in [*starts, *re.split("[_-]", key)] if part in reals))


def _connected(links: Iterable[list[str]]) -> dict[str, str]:
    """Every name in `links` -> the name that stands for all it is linked with, directly or through others."""
    parents: dict[str, str] = {}

    def top(name: str) -> str:
        while parents.setdefault(name, name) != name:
            parents[name] = name = parents[parents[name]]
        return name

    for first, *others in links:
        top(first)
        for other in others:
            low, high = sorted((top(first), top(other)))
            parents[high] = low
    return {name: top(name) for name in list(parents)}


def _folder(root: Path) -> Path:
    if not Path(root).is_dir():
        raise BadData(f"{root} is no folder; --root takes the folder that holds the data set")
    return Path(root)


def _two_classes(clips: list[Clip], root: Path, expected: str) -> list[Clip]:
    """The clips themselves. Raises BadData, saying what was looked for and what is there, unless both labels occur."""
    missing = [CLASSES[label] for label in (REAL, FAKE) if not any(clip.label == label for clip in clips)]
    if missing:
        there = sorted(path.name + "/" * path.is_dir() for path in root.iterdir())
        shown = ", ".join(there[:8]) + (" ..." if len(there) > 8 else "") or "nothing"
        raise BadData(f"no {' and no '.join(missing)} clips in {root}: expected {expected}; found there: {shown}")
    return clips


LAYOUTS: dict[str, Callable[..., list[Clip]]] = {
    "faceforensics": faceforensics,
    "dfdc": dfdc,
    "celeb-df": celeb_df,
    "folders": folders,
}
