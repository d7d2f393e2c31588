"""What a guest is and how its own files were read, for people."""

from html import escape

from model_zoo.guest import Guest, Refused
from model_zoo.zoo import Zoo

_ABOUT = (
    "Detectors that are not ours, which whoever runs this app put beside the zoo. Nothing of theirs was measured here "
    "unless a figure stands beside it, and their training data may hold the very clip that is judged."
)


def guest_words(guest: Guest) -> str:
    """Where it is from, its labels as read, and what it sees, as HTML."""
    said = [_link(guest)]
    if guest.labels:
        said.append(escape(guest.labels.describe()))
    if view := guest.view:
        cut = f"{view.side} px" if view.side == view.resized else f"the middle {view.side} of {view.resized} px"
        said.append(f"sees {cut} ({view.resampling}) of {view.margin:g} x the face box")
    else:
        said.append("its scores were computed elsewhere")
    return "; ".join(said)


def _link(guest: Guest) -> str:
    """A guest of the Hub's links to the commit that is served."""
    if guest.revision == guest.sha256:  # a folder of the owner's
        return f"Guest, a file of sha256 {guest.sha256[:12]}"
    url = f"https://huggingface.co/{guest.source}/tree/{guest.revision}"
    words = f"{escape(guest.source)} at {guest.revision[:7]}"
    return f'Guest, <a href="{escape(url)}" target="_blank" rel="noopener">{words}</a>'


def guest_list(zoo: Zoo) -> str:
    """All guests, and those that cannot be served with the reason, as HTML; empty where none was declared."""
    if not (zoo.guests or zoo.refused):
        return ""
    items = "".join([*map(_served, zoo.guests), *map(_refused, zoo.refused)])
    return f'<section class="evidence"><h3>Guests</h3><p>{escape(_ABOUT)}</p><ul>{items}</ul></section>'


def _served(guest: Guest) -> str:
    size = f"; {guest.params / 1e6:.2f} M parameters, {guest.bytes / 1e6:.1f} MB" if guest.params else ""
    return f"<li><b>{escape(guest.name)}</b>: {guest_words(guest)}; threshold {guest.threshold:g}{size}.</li>"


def _refused(refused: Refused) -> str:
    return f"<li><b>{escape(refused.name)}</b> is not served: {escape(refused.why)}.</li>"
