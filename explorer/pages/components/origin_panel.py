"""What a clip says of its own origin, beside the verdicts and never mixed into them."""

from collections.abc import Sequence
from html import escape

from explorer.origin import BROKEN, NONE, UNCHECKED, VALID, container_rows, credential_rows, credentials_in_words
from explorer.structures import Report

_SIGNS = {
    VALID: "&#10003; valid",
    UNCHECKED: "&#10003; valid, signer not checked",
    BROKEN: "&#10007; broken",
    NONE: "none",
}
_NOTE = (
    "The file's own words, which anybody can write who writes a file; only a valid signature ties them to a signer. "
    "They do not change any verdict."
)


def origin_panel(report: Report | None) -> str:
    """Content credentials and container facts as HTML; a sentence where they could not be read."""
    if report is None:
        return ""
    if report.origin is None:
        return '<section class="evidence"><h3>Origin and container</h3><p>They could not be read.</p></section>'
    credentials, container = report.origin.credentials, report.origin.container
    ai = '<strong class="says-ai">It says that AI made or changed it.</strong> ' if credentials.ai else ""
    state = f'<span class="state state-{credentials.state.split(",")[0]}">{_SIGNS[credentials.state]}</span>'
    return (
        f'<section class="evidence"><h3>Origin and container</h3><p>{state} {ai}'
        f"{escape(credentials_in_words(credentials))}</p>{_rows(credential_rows(credentials))}"
        f'{_rows(container_rows(container))}<p class="small">{_NOTE}</p></section>'
    )


def _rows(rows: Sequence[tuple[str, str]]) -> str:
    facts = "".join(f"<dt>{name}</dt><dd><bdi>{escape(text)}</bdi></dd>" for name, text in rows)
    return f"<dl>{facts}</dl>" if facts else ""
