"""Content credentials (C2PA) of a clip, read where clips are decoded: offline, under that process's limits."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from explorer.origin import AI_SOURCES, BROKEN, MAX_TEXTS, NONE, UNCHECKED, VALID, Credentials, text_of

TRUST_LIST = "EXPLORER_TRUST_LIST"  # the variable that names a PEM file of certificates whose signatures are believed
_ELSEWHERE = "it names credentials kept elsewhere, which this server does not fetch"
_UNTRUSTED = "signingCredential.untrusted"  # said by on_trust_list, and nothing that breaks them
_UNREADABLE = "this server's trust list cannot be read"
_STATES = {"Trusted": VALID, "Valid": UNCHECKED}  # C2PA's words, and ours; anything else is broken


class CredentialReader:
    """c2pa with this server's trust list; made before the process is confined, which may open no more files then."""

    def __init__(self, trust_list: str | None = None):
        import c2pa  # a native library of 23 MB: loaded by the decoder's process alone

        self._c2pa, self.note = c2pa, ""
        self.has_list, self._context = False, self._made({})
        if trust_list := trust_list or os.environ.get(TRUST_LIST):
            try:
                anchors = Path(trust_list).read_text(encoding="utf-8")
                self.has_list, self._context = True, self._made({"trust": {"trust_anchors": anchors}})
            except (OSError, ValueError, c2pa.C2paError):
                self.has_list, self.note = False, _UNREADABLE

    def _made(self, trust: dict[str, Any]) -> Any:
        """A context of c2pa that asks nobody else."""
        offline = {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": bool(trust)}
        return self._c2pa.Context(self._c2pa.Settings.from_dict({"verify": offline} | trust))

    def read(self, path: Path) -> Credentials:
        """What the credentials in a file say; `none` where it carries none, `broken` where they cannot be read."""
        errors = self._c2pa.C2paError
        try:
            absent = suppress(errors.ManifestNotFound, errors.NotSupported)
            with path.open("rb") as file, absent, self._c2pa.Reader(None, file, context=self._context) as reader:
                return self._told(reader)
        except errors as error:
            if str(error).startswith("Remote"):  # c2pa has no class for it that it raises
                return Credentials(NONE, problems=(_ELSEWHERE,))
            return Credentials(BROKEN, problems=(text_of(error),))
        return Credentials(NONE)

    def _told(self, reader: Any) -> Credentials:
        """An open reader's manifests, in our words."""
        manifest, state = reader.get_active_manifest() or {}, str(reader.get_validation_state())
        results = (reader.get_validation_results() or {}).get("activeManifest") or {}
        failures, passed = ([str(each.get("code")) for each in results.get(of, [])] for of in ("failure", "success"))
        signature, tools = manifest.get("signature_info") or {}, manifest.get("claim_generator_info") or []
        actions = list(_actions(manifest))
        problems = [*dict.fromkeys(failure for failure in failures if failure != _UNTRUSTED)] + [self.note] * bool(
            self.note
        )
        kinds = _source_types(reader)
        return Credentials(
            state=_STATES.get(state, BROKEN),
            on_trust_list="signingCredential.trusted" in passed if self.has_list else None,
            issuer=_text(signature.get("issuer")),
            signer=_text(signature.get("common_name")),
            signed_at=_text(signature.get("time")),
            tool=_text(" ".join(filter(None, map(_agent, tools[:3])))) or _text(manifest.get("claim_generator")),
            ai=tuple(kind for kind in kinds if kind in AI_SOURCES),
            sources=tuple(kind for kind in kinds if kind not in AI_SOURCES),
            edits=tuple(map(_edit, actions))[:MAX_TEXTS],
            made_from=tuple(
                text_of(each.get("title") or each.get("format") or "unnamed")
                for each in (manifest.get("ingredients") or [])[:MAX_TEXTS]
            ),
            problems=tuple(map(text_of, problems))[:MAX_TEXTS],
        )


def _actions(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for assertion in manifest.get("assertions") or []:
        if str(assertion.get("label", "")).startswith("c2pa.actions"):
            yield from (each for each in assertion.get("data", {}).get("actions", []) if isinstance(each, dict))


def _source_types(reader: Any) -> list[str]:
    """The digital source types that any of the clip's manifests names, its ingredients' too, by their last word."""
    kinds: dict[str, None] = {}
    for manifest in json.loads(reader.json()).get("manifests", {}).values():
        for action in _actions(manifest):
            if kind := action.get("digitalSourceType"):
                kinds[text_of(kind).rstrip("/").rpartition("/")[2]] = None
    return list(kinds)[:MAX_TEXTS]


def _edit(action: dict[str, Any]) -> str:
    """`edited, by CutPro 2 (cut)`."""
    name = str(action.get("action", "?")).removeprefix("c2pa.")
    agent, description = _agent(action.get("softwareAgent")), action.get("description")
    return text_of(name + (f", by {agent}" if agent else "") + (f" ({description})" if description else ""))


def _agent(agent: object) -> str:
    if isinstance(agent, dict):
        return " ".join(str(agent[key]) for key in ("name", "version") if agent.get(key))
    return str(agent) if agent else ""


def _text(value: object) -> str | None:
    return text_of(value) if value else None
