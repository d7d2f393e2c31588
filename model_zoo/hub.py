"""The zoo fetched from a Hugging Face Hub repository: pinned to a commit, checked, from then on usable offline."""

import os
import re
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import httpx2
from huggingface_hub import HfApi, constants, hf_hub_download
from huggingface_hub.errors import (
    EntryNotFoundError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    LocalTokenNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from model_zoo.errors import BadManifest, BadWeights, HubError, ZooError
from model_zoo.files import check_sha256, link_or_copy, private, sha256_of, write_atomically
from model_zoo.manifest import RELEASE, read_manifest
from model_zoo.zoo import BUNDLED, LOCAL, Zoo

CACHE = Path(constants.HF_HOME) / "deepfake-model-explorer"
FETCHERS = 8  # files at a time
STAGING, ABANDONED_S = "partial-", 3600.0  # folders that are being filled, by a process that was killed since
_COMMIT = re.compile(r"[0-9a-f]{40}")


def choose_zoo(
    repo: str | None, revision: str | None = None, cache: Path = CACHE, folder: str | Path | None = None
) -> Zoo:
    """The zoo to serve: the one asked for, else its last good revision, else the bundled one; the note says why.

    A `folder` of this machine comes before any repository. Raises BadManifest where it holds no zoo.
    """
    if folder:
        read_manifest(Path(folder))
        return Zoo(Path(folder).resolve(), LOCAL, sha256_of(Path(folder) / "manifest.json"))
    if not repo:
        return bundled_zoo()
    revision = revision or "main"
    try:
        return pull(repo, revision, cache)
    except ZooError as error:
        last_good = _last_good(repo, revision, cache)
        if last_good is None:
            return bundled_zoo(str(error))
        return Zoo(last_good, repo, last_good.name, f"the last good revision, because {error}")


def bundled_zoo(note: str = "") -> Zoo:
    """The zoo that comes with the code. Raises BadManifest where even that is missing."""
    read_manifest(RELEASE)
    return Zoo(RELEASE, BUNDLED, sha256_of(RELEASE / "manifest.json"), note)


def pull(repo: str, revision: str = "main", cache: Path = CACHE) -> Zoo:
    """Fetch a revision of a zoo (branch, tag or commit) unless it is here already, and check every file.

    Raises HubError where the Hub does not give it, BadManifest where it is no zoo or of a newer schema, and BadWeights
    where a file is not the one the manifest names; that file is removed, so that the next attempt fetches it anew.
    """
    try:
        private(cache)
    except OSError as error:
        raise HubError(f"{cache} cannot hold a zoo ({error.strerror}); set HF_HOME") from error
    try:
        commit = resolve(repo, revision)
        folder = _folder(repo, cache) / commit
        if not _is_here(folder):
            _fetch(repo, commit, folder)
        remember(_folder(repo, cache), revision, commit)
    except (OSError, httpx2.HTTPError, HFValidationError, EntryNotFoundError) as error:
        raise HubError(f"{repo} at {revision}: {why(error)}") from error
    return Zoo(folder, repo, commit)


def why(error: BaseException) -> str:
    """What a failed call to the Hub means, in words."""
    match error:
        case OfflineModeIsEnabled():
            return "offline mode is on (HF_HUB_OFFLINE)"
        case HFValidationError():
            return "not a repository name; it is user/name"
        case LocalEntryNotFoundError():  # what the downloader raises whatever kept it from the Hub
            return why(error.__cause__) if error.__cause__ else "the Hub cannot be reached; check the network"
        case RevisionNotFoundError():
            return "there is no such revision"
        case RepositoryNotFoundError():
            return "there is no such repository, or the token (HF_TOKEN) may not see it"
        case LocalTokenNotFoundError() | HfHubHTTPError(response=httpx2.Response(status_code=401)):
            return "the token is missing or not valid; log in with `hf auth login` or set HF_TOKEN"
        case EntryNotFoundError():
            return "a file is missing there"
        case HfHubHTTPError(response=httpx2.Response(status_code=403)):
            return "the token lacks the right to do that there"
        case HfHubHTTPError():
            return f"the Hub answered {error.response.status_code} {(error.server_message or '').strip()[:120]}".strip()
        case httpx2.TimeoutException():
            return "the Hub did not answer in time"
        case httpx2.HTTPError() | ConnectionError():
            return "the Hub cannot be reached; check the network"
        case OSError():
            return f"{error.strerror or error}"
    return " ".join(str(error).split())[:200]


def resolve(repo: str, revision: str) -> str:
    """The full commit sha of a branch, tag or commit. Raises what `why` explains, or HubError."""
    if _COMMIT.fullmatch(revision):
        return revision
    commit = HfApi().repo_info(repo, revision=revision, timeout=constants.HF_HUB_ETAG_TIMEOUT).sha
    if commit is None:
        raise HubError(f"{repo} at {revision}: the Hub names no commit")
    return commit


def _is_here(folder: Path) -> bool:
    """Whether the zoo was fetched before; one whose manifest was damaged since is removed, to be fetched anew."""
    try:
        return folder.is_dir() and bool(read_manifest(folder))
    except BadManifest:
        shutil.rmtree(folder)
        return False


def _fetch(repo: str, commit: str, folder: Path) -> None:
    """Download a commit's zoo into the Hub's cache, check it, and put it as plain files into `folder`, whole or not.

    The cache holds links, which OpenVINO does not follow out of a model's own folder.
    """
    fetched = Path(hf_hub_download(repo, "manifest.json", revision=commit)).parent
    try:
        rows = read_manifest(fetched).variants.values()
    except BadManifest as error:
        _remove(fetched / "manifest.json")
        raise BadManifest(f"{repo} at {commit[:12]}: {error}") from error
    files = {path: sha256 for row in rows for path, sha256 in row.files.items()}
    with ThreadPoolExecutor(FETCHERS) as pool:  # snapshot_download would first list the repository, without a timeout
        list(pool.map(partial(hf_hub_download, repo, revision=commit), files))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=STAGING, ignore_cleanup_errors=True) as staging:
        _sweep(folder.parent, Path(staging).stat().st_mtime - ABANDONED_S)
        for path in (*files, "manifest.json"):
            _check(repo, fetched / path, files.get(path))
            (Path(staging) / path).parent.mkdir(exist_ok=True)
            link_or_copy((fetched / path).resolve(), Path(staging) / path)
        try:
            os.rename(staging, folder)
        except OSError:
            if not _is_here(folder):  # else another instance was sooner
                raise


def _sweep(folder: Path, born_before: float) -> None:
    for left in folder.glob(f"{STAGING}*"):
        if left.stat().st_mtime < born_before:
            shutil.rmtree(left, ignore_errors=True)


def _check(repo: str, path: Path, sha256: str | None) -> None:
    try:
        check_sha256(path, sha256)
    except BadWeights as error:
        _remove(path)
        raise BadWeights(f"{repo}: {path.parent.name}/{error}") from error


def _remove(path: Path) -> None:
    """Take a file out of the Hub's cache: the link, and what it leads to."""
    path.resolve().unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def _folder(repo: str, cache: Path) -> Path:
    return cache / repo.replace("/", "--")


def remember(folder: Path, revision: str, commit: str) -> None:
    """Note in a repository's folder which commit a branch or tag last led to; a full commit needs no note."""
    if revision != commit:
        with write_atomically(_note(folder, revision)) as unfinished:
            unfinished.write_text(commit, encoding="ascii")


def remembered(folder: Path, revision: str) -> str:
    """The commit that `remember` noted. Raises OSError or ValueError where there is none."""
    return _note(folder, revision).read_text(encoding="ascii")


def _note(folder: Path, revision: str) -> Path:
    return folder / f"{revision.replace('/', '--')}.txt"


def _last_good(repo: str, revision: str, cache: Path) -> Path | None:
    """The directory of the commit that this branch or tag last led to, if it is still here."""
    try:
        private(cache)
        folder = _folder(repo, cache)
        folder = folder / remembered(folder, revision)
        read_manifest(folder)
    except (OSError, ValueError, ZooError):
        return None
    return folder
