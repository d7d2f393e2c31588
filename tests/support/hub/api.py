"""The endpoints of the stand-in Hub, with the paths, bodies and headers that `huggingface_hub` 2.4 uses."""

import json
import re
from urllib.parse import parse_qs, unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.hub import collections, oidc
from tests.support.hub.store import NO_ACCESS, USERS, HubError, Repo, Store, content_oid, front_matter, is_lfs


def part(request: Request, name: str) -> str:
    """A part of the path, unquoted only now: a revision may contain a slash of its own."""
    return unquote(request.path_params[name])


def store_of(request: Request) -> Store:
    return request.app.state.store


def user_of(request: Request) -> str | None:
    """The user whose token this is, None without a token. Raises HubError 401 for a token nobody has."""
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token and token not in USERS:
        raise HubError(401, NO_ACCESS)
    return USERS.get(token)


def repo_of(request: Request, write: bool = False) -> Repo:
    """The repository this path is about. Raises HubError 401, 403 or 404 where the user may not read (write) it."""
    kind = part(request, "kind") if "kind" in request.path_params else "model"
    allowed = store_of(request).writable if write else store_of(request).readable
    return allowed(kind, f"{part(request, 'owner')}/{part(request, 'name')}", user_of(request))


def url_of(request: Request, repo: Repo) -> str:
    return f"{request.base_url}{'spaces/' if repo.kind == 'space' else ''}{repo.id}"


async def whoami(request: Request) -> Response:
    if (user := user_of(request)) is None:
        raise HubError(401, NO_ACCESS)
    token = {"type": "access_token", "accessToken": {"displayName": user, "role": "write"}}
    return JSONResponse({"type": "user", "name": user, "fullname": user, "orgs": [], "auth": token})


async def create(request: Request) -> Response:
    body, user = await request.json(), user_of(request)
    repo = Repo(
        kind=body.get("type", "model"),
        id=f"{body.get('organization') or user}/{body['name']}",
        private=body.get("visibility") == "private",
        sdk=body.get("sdk"),
        variables={variable["key"]: variable["value"] for variable in body.get("variables", [])},
        secrets={secret["key"]: secret["value"] for secret in body.get("secrets", [])},
    )
    answer = {"url": url_of(request, repo), "name": repo.id}
    try:
        store_of(request).create(repo, user)
    except HubError as error:
        if error.status != 409:
            raise
        # With exist_ok the client reads the url from the refusal.
        return JSONResponse(answer | {"error": error.message}, 409, {"X-Error-Message": error.message})
    return JSONResponse(answer)


async def validate_yaml(request: Request) -> Response:
    try:
        metadata = front_matter((await request.json())["content"])
    except ValueError as error:
        return JSONResponse({"errors": [{"message": str(error)}], "warnings": []}, 400)
    warnings = [] if metadata else [{"message": "empty or missing yaml metadata in repo card"}]
    return JSONResponse({"errors": [], "warnings": warnings})


async def preupload(request: Request) -> Response:
    files = repo_of(request, write=True).at(part(request, "rev")).files
    answers = [
        {
            "path": asked["path"],
            "uploadMode": "lfs" if is_lfs(asked["path"], asked["size"]) else "regular",
            "shouldIgnore": False,
            "oid": content_oid(asked["path"], files[asked["path"]]) if asked["path"] in files else None,
        }
        for asked in (await request.json())["files"]
    ]
    return JSONResponse({"files": answers})


async def lfs_batch(request: Request) -> Response:
    repo_of(request, write=True)
    objects = (await request.json())["objects"]
    for asked in objects:
        if asked["oid"] not in store_of(request).blobs:
            asked["actions"] = {"upload": {"href": f"{request.base_url}lfs/{asked['oid']}"}}
    return JSONResponse({"transfer": "basic", "objects": objects})


async def lfs_upload(request: Request) -> Response:
    """No rights to check: the client sends no token along, the real Hub signs the address instead."""
    store_of(request).upload(part(request, "oid"), await request.body())
    return Response()


async def commit(request: Request) -> Response:
    lines = [json.loads(line) for line in (await request.body()).split(b"\n") if line]
    repo = repo_of(request, write=True)
    made = repo.commit(part(request, "rev"), lines, store_of(request).blobs)
    url = f"{url_of(request, repo)}/commit/{made.sha}"
    return JSONResponse({"success": True, "commitOid": made.sha, "commitUrl": url})


async def tag(request: Request) -> Response:
    """POST tags the revision of the path, DELETE removes the tag of the path."""
    repo, rev = repo_of(request, write=True), part(request, "rev")
    if request.method == "POST":
        name, sha = (await request.json())["tag"], repo.at(rev).sha
        if name in repo.tags:
            raise HubError(409, "Tag reference exists already")
        repo.tags[name] = sha
    elif repo.tags.pop(rev, None) is None:
        raise HubError(404, "Invalid rev id", "RevisionNotFound")
    return JSONResponse({})


async def info(request: Request) -> Response:
    repo = repo_of(request)
    head = repo.at(part(request, "rev") if "rev" in request.path_params else "main")
    siblings = head.siblings(blobs=request.query_params.get("blobs") == "true")
    about = {"id": repo.id, "author": repo.id.split("/")[0], "sha": head.sha, "private": repo.private}
    dates = {"createdAt": repo.commits[0].date, "lastModified": head.date}
    metadata = front_matter(head.files.get("README.md", b"").decode())
    return JSONResponse(about | dates | {"tags": metadata.get("tags", []), "siblings": siblings, "sdk": repo.sdk})


async def refs(request: Request) -> Response:
    repo = repo_of(request)
    branches = [{"name": n, "ref": f"refs/heads/{n}", "targetCommit": sha} for n, sha in repo.branches.items()]
    tags = [{"name": n, "ref": f"refs/tags/{n}", "targetCommit": sha} for n, sha in repo.tags.items()]
    return JSONResponse({"branches": branches, "tags": tags, "converts": [], "pullRequests": []})


def described(request: Request, paths: list[str], expand: bool) -> Response:
    """What the tree of the path's revision says of these paths, with the last commit of each if asked to expand."""
    repo = repo_of(request)
    at = repo.at(part(request, "rev"))
    entries = at.entries()
    known = [entries[path] for path in paths if path in entries]
    for entry in known if expand else []:
        last = repo.last_change(at, entry["path"])
        entry["lastCommit"] = {"id": last.sha, "title": last.message, "date": last.date}
    return JSONResponse(known)


async def tree(request: Request) -> Response:
    entries = repo_of(request).at(part(request, "rev")).entries()
    folder = part(request, "path") if "path" in request.path_params else ""
    if folder and entries.get(folder, {}).get("type") != "directory":
        raise HubError(404, "Entry not found", "EntryNotFound")
    start = f"{folder}/" if folder else ""
    query = request.query_params
    deep = query.get("recursive") == "true"
    paths = [path for path in entries if path.startswith(start) and (deep or "/" not in path.removeprefix(start))]
    return described(request, sorted(paths), query.get("expand") == "true")


async def paths_info(request: Request) -> Response:
    form = parse_qs((await request.body()).decode())
    return described(request, form.get("paths", []), form.get("expand") == ["true"])


async def resolve(request: Request) -> Response:
    at = repo_of(request).at(part(request, "rev"))
    path = part(request, "path")
    content = at.file(path)
    etag = f'"{content_oid(path, content)}"'
    headers = {"ETag": etag, "X-Repo-Commit": at.sha, "Accept-Ranges": "bytes"}
    if is_lfs(path, len(content)):
        headers |= {"X-Linked-Etag": etag, "X-Linked-Size": str(len(content))}
    return ranged(content, request.headers.get("range", ""), headers)


def ranged(content: bytes, asked: str, headers: dict[str, str]) -> Response:
    """206 with the bytes of a Range `bytes=a-b`, `bytes=a-` or `bytes=-n`, 416 out of reach, else 200 with them all."""
    match = re.fullmatch(r"bytes=(\d*)-(\d*)", asked)
    if not match or not any(match.groups()):
        return Response(content, headers=headers, media_type="application/octet-stream")
    first, last = match.groups()
    size = len(content)
    start = int(first) if first else max(size - int(last), 0)
    stop = min(int(last) + 1, size) if first and last else size
    if start >= stop:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    headers |= {"Content-Range": f"bytes {start}-{stop - 1}/{size}"}
    return Response(content[start:stop], 206, headers, "application/octet-stream")


async def settings(request: Request) -> Response:
    """A Space's variables or secrets; the values of secrets are never told."""
    repo, secret = repo_of(request, write=True), request.url.path.endswith("/secrets")
    values = repo.secrets if secret else repo.variables
    if request.method != "GET":
        body = await request.json()
        if request.method == "POST":
            values[body["key"]] = body["value"]
        else:
            values.pop(body["key"], None)
    return JSONResponse({key: {"key": key} | ({} if secret else {"value": values[key]}) for key in values})


def refusal(request: Request, error: HubError) -> Response:
    code = {"X-Error-Code": error.code} if error.code else {}
    return JSONResponse({"error": error.message}, error.status, {"X-Error-Message": error.message} | code)


API = "/api/{kind}s/{owner}/{name}"
ROUTES = [
    Route("/api/whoami-v2", whoami),
    Route("/api/repos/create", create, methods=["POST"]),
    Route("/api/validate-yaml", validate_yaml, methods=["POST"]),
    Route("/lfs/{oid}", lfs_upload, methods=["PUT"]),
    Route(API, info),
    Route(f"{API}/revision/{{rev}}", info),
    Route(f"{API}/refs", refs),
    Route(f"{API}/tree/{{rev}}", tree),
    Route(f"{API}/tree/{{rev}}/{{path:path}}", tree),
    Route(f"{API}/paths-info/{{rev}}", paths_info, methods=["POST"]),
    Route(f"{API}/preupload/{{rev}}", preupload, methods=["POST"]),
    Route(f"{API}/commit/{{rev}}", commit, methods=["POST"]),
    Route(f"{API}/tag/{{rev}}", tag, methods=["POST", "DELETE"]),
    Route(f"{API}/variables", settings, methods=["GET", "POST", "DELETE"]),
    Route(f"{API}/secrets", settings, methods=["GET", "POST", "DELETE"]),
    Route("/{owner}/{name}.git/info/lfs/objects/batch", lfs_batch, methods=["POST"]),
    Route("/{kind}s/{owner}/{name}.git/info/lfs/objects/batch", lfs_batch, methods=["POST"]),
    Route("/{owner}/{name}/resolve/{rev}/{path:path}", resolve),
    Route("/{kind}s/{owner}/{name}/resolve/{rev}/{path:path}", resolve),
]


def api(store: Store) -> Starlette:
    """The application over this store; it expects the path as sent, still quoted, in its scope."""
    app = Starlette(routes=[*ROUTES, *collections.ROUTES, *oidc.ROUTES], exception_handlers={HubError: refusal})
    app.state.store = store
    return app
