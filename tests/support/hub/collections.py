"""Collections of the stand-in Hub: lists of repositories under a name."""

import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.hub.store import NO_ACCESS, USERS, HubError


def collections_of(request: Request) -> dict[str, dict]:
    """By slug; they live as long as the server."""
    return request.app.state.store.collections


def user_of(request: Request) -> str:
    """Raises HubError 401 without a token that somebody has."""
    user = USERS.get(request.headers.get("authorization", "").removeprefix("Bearer "))
    if user is None:
        raise HubError(401, NO_ACCESS)
    return user


async def create(request: Request) -> Response:
    body, user = await request.json(), user_of(request)
    if body["namespace"] != user:
        raise HubError(403, "You do not have the rights to create a collection there")
    if len(body.get("description", "")) > 150:
        raise HubError(400, "The description is too long")
    slug = f"{user}/{re.sub(r'[^a-z0-9]+', '-', body['title'].lower()).strip('-')}-{24 * '0'}"
    if slug in collections_of(request):
        return JSONResponse({"slug": slug, "error": "exists"}, 409, {"X-Error-Message": "exists"})
    collections_of(request)[slug] = {
        "slug": slug, "title": body["title"], "owner": {"name": user}, "items": [], "position": 0, "theme": "blue",
        "lastUpdated": "2026-01-01T00:00:00.000Z", "private": body["private"], "upvotes": 0,
        "description": body.get("description"),
    }  # fmt: skip
    return JSONResponse(collections_of(request)[slug])


async def show(request: Request) -> Response:
    return JSONResponse(collections_of(request)[slug_of(request)])


async def add_item(request: Request) -> Response:
    user_of(request)
    item, found = (await request.json())["item"], collections_of(request)[slug_of(request)]
    if (item["type"], item["id"]) not in request.app.state.store.repos:
        raise HubError(404, "Repository not found", "RepoNotFound")
    if any(each["id"] == item["id"] for each in found["items"]):
        raise HubError(409, "Item already in collection")
    place = len(found["items"])
    found["items"].append({"_id": f"{place}", "id": item["id"], "type": item["type"], "position": place})
    return JSONResponse(found)


def slug_of(request: Request) -> str:
    return f"{request.path_params['owner']}/{request.path_params['slug']}"


ROUTES = [
    Route("/api/collections", create, methods=["POST"]),
    Route("/api/collections/{owner}/{slug}", show),
    Route("/api/collections/{owner}/{slug}/items", add_item, methods=["POST"]),
]
