"""Tokens for workflows (Trusted Publishers) of the stand-in Hub: an identity for a token of one repository's owner."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.hub.store import USERS, HubError, owner

IDENTITY = "workflow-identity"  # what GitHub would have signed


async def exchange(request: Request) -> Response:
    body = await request.json()
    tokens, user = {user: token for token, user in USERS.items()}, owner(body["resource"].removeprefix("spaces/"))
    if body["subject_token"] != IDENTITY or user not in tokens:
        raise HubError(400, "invalid_grant")
    return JSONResponse({"access_token": tokens[user], "token_type": "bearer", "expires_in": 3600})


ROUTES = [Route("/oauth/token", exchange, methods=["POST"])]
