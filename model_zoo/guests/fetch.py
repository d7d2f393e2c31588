"""A guest's declared files, fetched from its repository at one commit, and nothing else of it."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import httpx2
from huggingface_hub import constants, get_hf_file_metadata, hf_hub_download, hf_hub_url
from huggingface_hub.errors import EntryNotFoundError, HFValidationError, LocalEntryNotFoundError

from model_zoo.errors import BadGuest, HubError
from model_zoo.files import is_whole, link_or_copy, private, write_sums
from model_zoo.guests.declared import Declared
from model_zoo.guests.onnx_file import read_onnx
from model_zoo.hub import STAGING, remember, remembered, resolve, why

ABOUT = ("config.json", "preprocessor_config.json")  # what describes a model; the second is not always there
MAX_ABOUT_BYTES = 5_000_000  # of each of those: 1,000 labels take 50 kB
MODELS = ("onnx/model.onnx", "model.onnx", "model.safetensors")  # the usual names, in this order


@dataclass
class _Basket:
    """Files on their way into `folder`; those of the repository's commit that are asked for, up to so many bytes."""

    repo: str
    commit: str
    folder: Path
    most_bytes: int
    taken: int = 0

    def take(self, name: str) -> bool:
        """Whether the repository has the file, which then lies in the folder. Raises BadGuest for too many bytes."""
        try:
            url = hf_hub_url(self.repo, name, revision=self.commit)
            size = get_hf_file_metadata(url, timeout=constants.HF_HUB_ETAG_TIMEOUT).size or 0
            if name in ABOUT and size > MAX_ABOUT_BYTES:
                raise BadGuest(f"{name} has {size / 1e6:.0f} MB, which no description needs")
            self.taken += size
            if self.taken > self.most_bytes:
                limit = f"{self.most_bytes / 1e6:.0f} MB, which EXPLORER_MAX_GUEST_BYTES sets"
                raise BadGuest(f"{name} brings it to {self.taken / 1e6:.0f} MB; a guest may have {limit}")
            path = Path(hf_hub_download(self.repo, name, revision=self.commit))
        except LocalEntryNotFoundError:
            raise
        except EntryNotFoundError:
            return False
        (self.folder / name).parent.mkdir(exist_ok=True)
        link_or_copy(path.resolve(), self.folder / name)
        return True


def fetch(guest: Declared, cache: Path, most_bytes: int) -> tuple[Path, str]:
    """The folder that holds the guest's files at the commit that its revision leads to, and that commit.

    What is here already, and is what it was, is not fetched again; where the Hub is out of reach, that is the commit
    that the revision last led to. Raises HubError where the Hub does not give it, and BadGuest.
    """
    repository = cache / "guests" / guest.repo.replace("/", "--")
    try:
        private(repository)
        try:
            commit = resolve(guest.repo, guest.revision)
        except (OSError, httpx2.HTTPError, HubError) as error:
            kept = _kept(repository, guest)
            if kept is None:
                raise error
            return kept
        folder = _folder(repository, commit, guest.file)
        if not is_whole(folder):
            shutil.rmtree(folder, ignore_errors=True)  # damaged since
            _fetch(guest, commit, folder, most_bytes)
        remember(repository, guest.revision, commit)
    except (OSError, httpx2.HTTPError, HFValidationError, EntryNotFoundError) as error:
        raise HubError(f"{guest.repo} at {guest.revision}: {why(error)}") from error
    return folder, commit


def _kept(repository: Path, guest: Declared) -> tuple[Path, str] | None:
    try:
        commit = remembered(repository, guest.revision)
    except (OSError, ValueError):
        return None
    folder = _folder(repository, commit, guest.file)
    return (folder, commit) if is_whole(folder) else None


def _folder(repository: Path, commit: str, file: str) -> Path:
    return repository / (f"{commit}-{file.replace('/', '--')}" if file else commit)


def _fetch(guest: Declared, commit: str, folder: Path, most_bytes: int) -> None:
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=STAGING, ignore_cleanup_errors=True) as staging:
        basket = _Basket(guest.repo, commit, Path(staging), most_bytes)
        names = [name for name in ABOUT if basket.take(name)]
        if ABOUT[0] not in names:
            raise BadGuest(f"{guest.repo} at {commit[:12]} has no {ABOUT[0]}; it describes the model")
        model = next((name for name in _candidates(guest) if basket.take(name)), None)
        if model is None:
            raise BadGuest(f"{guest.repo} at {commit[:12]} has no {' or '.join(_candidates(guest))}")
        names.append(model)
        if model.endswith(".onnx"):
            for beside in read_onnx(Path(staging) / model).beside:
                names.append(str(Path(model).with_name(beside)))
                if not basket.take(names[-1]):
                    raise BadGuest(f"{guest.repo} at {commit[:12]} has no {names[-1]}, where {model} keeps weights")
        write_sums(Path(staging), names)
        Path(staging).rename(folder)
        Path(staging).mkdir()  # for its own end


def _candidates(guest: Declared) -> tuple[str, ...]:
    return (guest.file,) if guest.file else MODELS
