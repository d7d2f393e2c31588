"""Files put on the Hub as one commit."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationDelete,
    HfApi,
    constants,
    hf_hub_download,
    set_client_factory,
)
from huggingface_hub.errors import HFValidationError, OIDCError
from huggingface_hub.utils._http import default_client_factory

from model_zoo.errors import HubError
from model_zoo.hub import why
from model_zoo.manifest import read_manifest

Content = Path | bytes
PATIENCE = 6 * constants.HF_HUB_DOWNLOAD_TIMEOUT  # seconds; a commit of many files takes the Hub a while
_KEPT = ".gitattributes"  # the Hub's own: which files it stores as large ones


@dataclass(frozen=True)
class Pushed:
    """Where the files are now; `changed` tells whether there was anything to commit."""

    url: str
    commit: str
    changed: bool


def publish(
    repo: str,
    files: Mapping[str, Content],
    message: str,
    *,
    kind: str = "model",
    private: bool = False,
    tag: str | None = None,
    sdk: str = "gradio",
) -> Pushed:
    """Make the repository's files exactly these, in one commit, and tag it; `sdk` is a new Space's. Raises HubError, in
    one sentence.

    Until the commit is made nothing of it can be seen, so a push that dies leaves the old revision in force. Files that
    are there already are not uploaded again. A tag that names other files is refused before anything is sent.
    """
    set_client_factory(_impatient_client)
    api = HfApi()
    try:
        url = _made(api, repo, kind, private, {"space_sdk": sdk} if kind == "space" else {})
        tagged = tag is not None and _is_tagged(api, repo, tag, files)
        before = api.repo_info(repo, repo_type=kind).sha
        gone = set(api.list_repo_files(repo, repo_type=kind)) - set(files) - {_KEPT}
        operations: list[Any] = [CommitOperationAdd(path, content) for path, content in files.items()]
        operations += [CommitOperationDelete(path) for path in sorted(gone)]
        commit = api.create_commit(repo, operations, commit_message=message, repo_type=kind).oid
        if tag is not None and not tagged:
            api.create_tag(repo, tag=tag, revision=commit, repo_type=kind)
    except RuntimeError as error:  # what a failed upload of a large file raises
        raise HubError(f"{repo}: {why(error.__cause__ or error)}; run it again to finish") from error
    except (OSError, ValueError, httpx2.HTTPError, OIDCError) as error:  # ValueError: a bad name, or a refused card
        raise HubError(f"{repo}: {why(error)}") from error
    return Pushed(url, commit, commit != before)


def _made(api: HfApi, repo: str, kind: str, private: bool, settings: dict[str, Any]) -> str:
    """The address of the repository, made where there is none. A workflow's own token (Trusted Publishers) is for one
    repository that is there, and makes none."""
    if os.environ.get("HF_OIDC_RESOURCE"):
        return f"{api.endpoint}/{'spaces/' if kind == 'space' else ''}{repo}"
    api.whoami()  # a bad token is told from a missing right before anything is created
    return str(api.create_repo(repo, repo_type=kind, private=private, exist_ok=True, **settings))


def commit_of(repo: str, revision: str = "main") -> str:
    """The full commit sha that a revision of a model repository leads to. Raises HubError."""
    try:
        commit = HfApi().repo_info(repo, revision=revision).sha
    except (OSError, httpx2.HTTPError, HFValidationError) as error:
        raise HubError(f"{repo} at {revision}: {why(error)}") from error
    if commit is None:
        raise HubError(f"{repo} at {revision}: the Hub names no commit")
    return commit


def files_of(repo: str, revision: str) -> list[str]:
    """The files of a zoo that serving needs: the manifest, and what it names. Raises HubError or BadManifest."""
    try:
        manifest = Path(hf_hub_download(repo, "manifest.json", revision=revision))
    except (OSError, httpx2.HTTPError, HFValidationError) as error:
        raise HubError(f"{repo} at {revision}: {why(error)}") from error
    rows = read_manifest(manifest.parent).variants.values()
    return ["manifest.json", *(path for row in rows for path in row.files)]


def set_variables(space: str, variables: Mapping[str, str]) -> None:
    """Set a Space's public environment variables. Raises HubError."""
    try:
        for key, value in variables.items():
            HfApi().add_space_variable(space, key, value)
    except (OSError, httpx2.HTTPError, HFValidationError) as error:
        raise HubError(f"{space}: {why(error)}") from error


def _impatient_client() -> httpx2.Client:
    """The Hub's own client, but no request waits for ever: most of its calls set no timeout."""

    def limit(request: httpx2.Request) -> None:
        if request.extensions["timeout"]["read"] is None:
            request.extensions["timeout"] = httpx2.Timeout(PATIENCE).as_dict()

    client = default_client_factory()
    client.event_hooks["request"].append(limit)
    return client


def size_of(content: Content) -> int:
    """In bytes."""
    return content.stat().st_size if isinstance(content, Path) else len(content)


def _is_tagged(api: HfApi, repo: str, tag: str, files: Mapping[str, Content]) -> bool:
    """Whether the tag names this release already; raises HubError where it names another."""
    if tag not in {known.name for known in api.list_repo_refs(repo).tags}:
        return False
    manifest = files["manifest.json"]
    own = manifest.read_bytes() if isinstance(manifest, Path) else manifest
    if Path(hf_hub_download(repo, "manifest.json", revision=tag)).read_bytes() == own:
        return True
    raise HubError(f"{repo}: the tag {tag} names an earlier release already; choose another")
