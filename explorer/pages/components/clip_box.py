"""Where a visitor chooses a clip: a place to drop one, what the chosen one shows, and the examples."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import gradio as gr
import numpy as np
from gradio.processing_utils import save_file_to_cache
from gradio.utils import get_upload_folder

from explorer.errors import ExplorerError
from explorer.images import thumbnail
from explorer.pages.components.asset import asset
from explorer.pages.components.messages import sentence
from explorer.video.decoder import Decoder
from explorer.video.examples import EXAMPLES, described, still
from explorer.video.stills import kind_of

KINDS = ("video", "image", ".avif", ".heic", ".heif")  # the last three are unknown to some systems
STILL_SIDE, POSTER_SIDE = 220, 480  # pixels


@dataclass(frozen=True)
class ClipBox:
    """The components; a click on one of the `examples` brings its `index`, `marks` say what is true of their files."""

    clip: gr.File
    player: gr.HTML
    examples: gr.HTML
    paths: list[Path]
    marks: Mapping[str, str]

    def chosen(self, event: gr.EventData) -> tuple[str | None, str]:
        """The example that was clicked, for `clip` and `player`."""
        index = int(event.index)
        path = served(self.paths[index]) if 0 <= index < len(self.paths) else None
        return path, shown(path)


def build_clip_box(
    examples: Mapping[str, Path], prefix: str = "clip", label: str = "Your clip or photo", also: Sequence[str] = ()
) -> ClipBox:
    """Lay it out inside the current Blocks; `examples` maps titles to clips, `also` are further endings of files."""
    bare: dict[str, Any] = {"apply_default_css": False}
    player = gr.HTML(elem_id=f"{prefix}-player", elem_classes="stage-box", js_on_load=asset("player.js"), **bare)
    clip = gr.File(label=label, file_types=[*KINDS, *also], height=120, elem_id=prefix)
    script, offered = asset("examples.js"), bool(examples)
    gallery = gr.HTML(_gallery(examples), elem_id=f"{prefix}-examples", js_on_load=script, visible=offered, **bare)
    marks = {served(path): f"An example: {described(title)}" for title, path in examples.items()}
    gallery.keep_in_cache.update(marks)
    return ClipBox(clip, player, gallery, list(examples.values()), marks)


def served(file: Path) -> str:
    """A copy where Gradio serves files from. It would make one itself, where nobody catches that the disk is full."""
    return save_file_to_cache(file, get_upload_folder())


def shown(path: str | None, label: str = "", preload: str = "metadata") -> str:
    """A player of a file that is served, or the picture that it is, as HTML; nothing without one."""
    if not path:
        return ""
    name = escape(label or Path(path).name)
    if kind_of(Path(path)):
        return f'<img src="{address(path)}" alt="{name}">'
    return f'<video controls playsinline preload="{preload}" src="{address(path)}" aria-label="{name}"></video>'


def poster(path: str | None) -> str:
    """The first frame of a clip that the browser cannot play, and a sentence that says so."""
    if not path:
        return ""
    clip = Path(path)
    try:
        with Decoder(clip) as decoder:
            decoder.probe()
            image = next(frames[0].image for frames in decoder.read(np.zeros(1)) if frames)
            picture = thumbnail(image, POSTER_SIDE)
    except (ExplorerError, StopIteration) as error:
        return sentence(f"{error}." if isinstance(error, ExplorerError) else "There is no picture in it.", "error")
    does, what = ("show", "the picture made smaller") if kind_of(clip) else ("play", "its first frame")
    words = f"This browser cannot {does} {clip.name}; the server can. Shown is {what}: press Analyse."
    return f'<img src="{picture}" alt="first frame of {escape(clip.name)}"><p class="unplayable">{escape(words)}</p>'


def address(path: str) -> str:
    """Where a file that is served can be fetched, as an attribute's value."""
    return escape(f"gradio_api/file={quote(path)}")


def link_name(title: str) -> str:
    """An example's name in a link: "forged-from-1-5-s"."""
    return "-".join(re.findall("[a-z0-9]+", title.lower()))


def _gallery(examples: Mapping[str, Path]) -> str:
    buttons = []
    for index, (title, path) in enumerate(examples.items()):
        words, picture = f"<b>{escape(title)}</b>", ""
        if known := EXAMPLES.get(title):
            words += f' <i class="{_tint(known.truth)}">{escape(known.truth)}</i> <span>{escape(known.glance)}</span>'
            picture = f'<img src="{_still(title)}" alt="">'
        names = f'data-index="{index}" data-name="{link_name(title)}" data-clip="{escape(served(path))}"'
        buttons.append(f'<button type="button" {names}>{picture}{words}</button>')
    head = "<h2>Or one of these, made here of a public-domain portrait</h2>"
    return f'{head}<div class="examples">{"".join(buttons)}</div>'


def _tint(truth: str) -> str:
    """The class of a true label: of a real clip, or of one with a forgery in it."""
    return "truth real" if truth == "real" else "truth fake"


@cache
def _still(title: str) -> str:
    return thumbnail(still(title), STILL_SIDE)
