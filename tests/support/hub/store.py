"""Repositories of the stand-in Hub as data: commits, references, blobs, the users' rights, and the errors it names."""

import hashlib
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath

import yaml

USERS = {"hf_maker": "maker", "hf_reader": "reader"}
LFS_SUFFIXES = (".safetensors", ".onnx")
GITATTRIBUTES = "".join(f"*{suffix} filter=lfs diff=lfs merge=lfs -text\n" for suffix in LFS_SUFFIXES).encode()
NO_ACCESS = "Invalid username or password."


class HubError(Exception):
    """An answer that is no success: its HTTP status, its message, and the code from which the client picks a class."""

    def __init__(self, status: int, message: str, code: str | None = None):
        super().__init__(message)
        self.status, self.message, self.code = status, message, code


def is_lfs(path: str, size: int) -> bool:
    """Whether the file goes through LFS; an empty one never does, the client commits those as regular files."""
    return size > 0 and path.endswith(LFS_SUFFIXES)


def front_matter(card: str) -> dict:
    """The YAML between a card's two lines of dashes, {} without one. Raises ValueError where it is no mapping."""
    if not card.startswith("---\n"):
        return {}
    try:
        metadata = yaml.safe_load(card.removeprefix("---\n").partition("\n---")[0])
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    if not isinstance(metadata, dict):
        raise ValueError("the metadata is no mapping")
    return metadata


def git_sha1(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def file_entry(path: str, content: bytes) -> dict:
    """What a tree says of a file: type, path, size, git's oid and, of an LFS file, `lfs` (oid, size, pointerSize)."""
    about = {"type": "file", "path": path, "size": len(content)}
    if not is_lfs(path, len(content)):
        return about | {"oid": git_sha1(content)}
    sha256 = hashlib.sha256(content).hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {len(content)}\n".encode()
    lfs = {"oid": sha256, "size": len(content), "pointerSize": len(pointer)}
    return about | {"oid": git_sha1(pointer), "lfs": lfs}


def content_oid(path: str, content: bytes) -> str:
    """What the client compares a local file with: the sha256 of an LFS file, git's oid of any other."""
    about = file_entry(path, content)
    return about.get("lfs", about)["oid"]


@dataclass(frozen=True)
class Commit:
    """One state of a repository: `files` maps every path to its content."""

    sha: str
    files: dict[str, bytes]
    message: str
    parent: str | None
    date: str

    def file(self, path: str) -> bytes:
        """Raises HubError 404 EntryNotFound."""
        if path not in self.files:
            raise HubError(404, "Entry not found", "EntryNotFound")
        return self.files[path]

    def entries(self) -> dict[str, dict]:
        """Path -> what a tree says of it, for every file and every folder."""
        folders = {str(parent) for path in self.files for parent in PurePosixPath(path).parents if parent.name}
        entries = {
            path: {"type": "directory", "path": path, "size": 0, "oid": git_sha1(path.encode())} for path in folders
        }
        return entries | {path: file_entry(path, content) for path, content in self.files.items()}

    def siblings(self, blobs: bool) -> list[dict]:
        """What a repository's page says of each file: rfilename and, with `blobs`, size, blobId and perhaps lfs."""
        siblings = []
        for path, content in sorted(self.files.items()):
            about = file_entry(path, content)
            lfs = {"lfs": about["lfs"] | {"sha256": about["lfs"]["oid"]}} if "lfs" in about else {}
            details = {"size": about["size"], "blobId": about["oid"]} | lfs
            siblings.append({"rfilename": path} | (details if blobs else {}))
        return siblings

    def under(self, path: str) -> dict[str, bytes]:
        """The file of this path, or the files of this folder."""
        return {name: self.files[name] for name in self.files if name == path or name.startswith(f"{path}/")}


@dataclass
class Repo:
    """A model or a Space: its commits in order, and what its branches and tags point at."""

    kind: str
    id: str
    private: bool = False
    sdk: str | None = None
    commits: list[Commit] = field(default_factory=list)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def at(self, revision: str) -> Commit:
        """The commit of a branch, a tag, or 7 and more digits of its sha. Raises HubError 404 RevisionNotFound."""
        sha = self.branches.get(revision) or self.tags.get(revision) or revision
        for commit in self.commits:
            if len(sha) >= 7 and commit.sha.startswith(sha):
                return commit
        raise HubError(404, "Invalid rev id", "RevisionNotFound")

    def add(self, branch: str, files: dict[str, bytes], message: str) -> Commit:
        """A new head of the branch, which need not exist yet."""
        contents = sorted((path, content_oid(path, content)) for path, content in files.items())
        sha = hashlib.sha1(repr((self.id, len(self.commits), message, contents)).encode()).hexdigest()
        date = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self.commits.append(Commit(sha, files, message, self.branches.get(branch), date))
        self.branches[branch] = sha
        return self.commits[-1]

    def commit(self, branch: str, lines: list[dict], blobs: dict[str, bytes]) -> Commit:
        """Apply the lines of a commit request all at once, or none: a HubError (400, 404, 412) leaves all as it was."""
        if branch not in self.branches:
            raise HubError(404, "Invalid rev id", "RevisionNotFound")
        head = self.at(branch)
        files, header = dict(head.files), {}
        for line in lines:
            if line["key"] == "header":
                header = line["value"]
            else:
                change(files, line["key"], line["value"], blobs)
        if not head.sha.startswith(header.get("parentCommit", "")):
            raise HubError(412, "A commit has happened since. Please refresh and try again.")
        return self.add(branch, files, header["summary"])

    def last_change(self, commit: Commit, path: str) -> Commit:
        """The newest ancestor of the commit, itself included, that changed this file or folder."""
        while commit.parent and self.at(commit.parent).under(path) == commit.under(path):
            commit = self.at(commit.parent)
        return commit


def change(files: dict[str, bytes], key: str, value: dict, blobs: dict[str, bytes]) -> None:
    """Apply one line of a commit request to `files`. Raises HubError 400 or 404."""
    path = value["path"]
    match key:
        case "file":
            files[path] = b64decode(value["content"])
        case "lfsFile" if value["oid"] in blobs:
            files[path] = blobs[value["oid"]]
        case "lfsFile":
            raise HubError(400, "Your push was rejected because an LFS pointer pointed to a file that does not exist.")
        case "deletedFile" if path in files:
            del files[path]
        case "deletedFolder" if gone := [name for name in files if name.startswith(f"{path.rstrip('/')}/")]:
            for name in gone:
                del files[name]
        case "deletedFile" | "deletedFolder":
            raise HubError(404, "A file with this name doesn't exist", "EntryNotFound")
        case _:
            raise HubError(400, "Unknown operation")


@dataclass
class Store:
    """Everything the Hub keeps: repositories by (type, id), LFS blobs by sha256 and in their order, Collections."""

    repos: dict[tuple[str, str], Repo] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    uploads: list[str] = field(default_factory=list)
    collections: dict[str, dict] = field(default_factory=dict)  # by slug

    def readable(self, kind: str, id: str, user: str | None) -> Repo:
        """Raises HubError RepoNotFound: 404 for a user, 401 without one; a private repository is not admitted to."""
        repo = self.repos.get((kind, id))
        if repo and (not repo.private or user == owner(id)):
            return repo
        raise (
            HubError(404, "Repository not found", "RepoNotFound") if user else HubError(401, NO_ACCESS, "RepoNotFound")
        )

    def writable(self, kind: str, id: str, user: str | None) -> Repo:
        """Raises HubError: as readable() does, 401 without a user, 403 for anyone but the owner."""
        repo = self.readable(kind, id, user)
        if user is None:
            # The Hub sends no code here, but over https the client makes the same exception of any such 401.
            raise HubError(401, NO_ACCESS, "RepoNotFound")
        if user != owner(id):
            raise HubError(403, f"You don't have write access to {id}")
        return repo

    def create(self, repo: Repo, user: str | None) -> None:
        """Add a repository with the Hub's own first commit. Raises HubError 401 or 403, 409 where it exists."""
        if user is None:
            raise HubError(401, NO_ACCESS)
        if user != owner(repo.id):
            raise HubError(
                403, f"You don't have the rights to create a {repo.kind} under the namespace {owner(repo.id)}"
            )
        if (repo.kind, repo.id) in self.repos:
            raise HubError(409, f"You already created this {repo.kind} repo")
        files = {".gitattributes": GITATTRIBUTES}
        if repo.kind == "space":
            files["README.md"] = f"---\ntitle: {repo.id.split('/')[1]}\nsdk: {repo.sdk}\n---\n".encode()
        repo.add("main", files, "initial commit")
        self.repos[repo.kind, repo.id] = repo

    def upload(self, sha256: str, content: bytes) -> None:
        """Keep an LFS blob. Raises HubError 400 where it is not what its sha256 says."""
        if hashlib.sha256(content).hexdigest() != sha256:
            raise HubError(400, "The content does not match its sha256")
        self.blobs[sha256] = content
        self.uploads.append(sha256)


def owner(id: str) -> str:
    return id.split("/")[0]
