"""The Finder tab: how quick the face finders are on a clip, and what they miss."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from explorer import limits
from explorer.deadline import with_deadline
from explorer.errors import ExplorerError, InvalidRequest
from explorer.faces.rivals import missing_sentence
from explorer.finder_race import DEFAULT_FRAMES, FinderRace, FinderRow, contenders, race
from explorer.pages.components.asset import asset
from explorer.pages.components.clip_box import build_clip_box, poster, shown
from explorer.pages.components.finder_grid import TITLES, finder_grid
from explorer.pages.components.job_progress import RACE, JobProgress
from explorer.pages.components.jobs import listener_for, run_and_stop
from explorer.pages.components.messages import sentence
from explorer.structures import Progress

_READY = "Choose a clip, or click an example."
_HEADERS = ("finder", "side, px", "frames a second", "faces", "missed", "overlap")
_NOTE = """Timed is the finder alone, on frames that are decoded and scaled already; for one frame MTCNN takes one core,
for a batch all of them. *Followed* is what Compare uses at first: the whole cascade in one of four frames, its last
network in between, never at more than 640 px; frames that are far apart give it little to follow. MTCNN at the largest
size is the yardstick, not the truth: *missed* counts the faces found there that this finder does not find, and
*overlap* is the mean IoU of the crops of those it does. A box that only one finder draws may be a face or a curtain:
look at the frames. The finders of other packages race at 640 px and below, as they come."""


def build_page(examples: dict[str, Path], clip: gr.File | None = None, tab: gr.Tab | None = None) -> None:
    """Lay the tab out inside the current Blocks; `examples` maps titles to clips.

    Whenever `tab` is selected, the `clip` of another tab is taken up, unless one was chosen here.
    """
    with gr.Row():
        with gr.Column(scale=1, min_width=320):
            box = build_clip_box(examples, "race-clip")
            with gr.Row():
                run = gr.Button("Race the finders", variant="primary", elem_id="race")
                stop = gr.Button("Stop", elem_id="race-stop", interactive=False)
            label = "Frames sampled evenly over the clip"
            frames = gr.Slider(1, limits.MAX_RACE_FRAMES, DEFAULT_FRAMES, step=1, label=label)
            gr.Markdown("The limits are those of Compare. Uploads are deleted within two hours.", elem_classes="small")
        with gr.Column(scale=2, min_width=320):
            status = gr.HTML(sentence(_READY), elem_id="race-status", js_on_load=asset("status.js"))
            table = gr.HTML(_table([]), css_template=asset("race_table.css"), elem_id="race-table")
            gr.Markdown(f"{_NOTE} {missing_sentence()}", elem_classes="small")
            grid = gr.HTML(css_template=asset("finder_grid.css"), elem_id="race-frames")

    slots = {"status": status, "table": table, "grid": grid}
    listener = listener_for(_updates, [box.clip, frames], slots)
    instant: dict[str, Any] = {"queue": False, "api_visibility": "private", "show_progress": "hidden"}
    for event in (box.clip.upload, box.clip.clear):
        event(shown, box.clip, box.player, **instant)
    box.player.input(poster, box.clip, box.player, api_visibility="private", show_progress="hidden")
    picked = box.examples.click(box.chosen, None, [box.clip, box.player], **instant)
    run_and_stop(run, stop, listener, status, picked, box.examples.click)
    if clip is not None and tab is not None:
        carried = gr.State(None)
        into = [box.clip, box.player, status, carried]
        tab.select(carry, [clip, box.clip, carried], into, **instant)


def carry(clip: str | None, own: str | None, carried: str | None) -> list[Any]:
    """The clip of another tab for the box, its player and the status, unless a visitor chose the `own` one here."""
    if clip is None or own == clip or own not in (None, carried):
        return [gr.skip()] * 4
    return [clip, shown(clip), sentence(f"{Path(clip).name}, chosen under Compare, is ready: press Race."), clip]


def _updates(clip: str | None, frames: float) -> Iterator[dict]:
    """What changes in the page, slot by slot, during a race; our own errors become one sentence."""
    yield {"table": _table([]), "grid": ""}
    try:
        if not clip:
            raise InvalidRequest("There is no clip yet; upload one or click an example")
        rows: list[FinderRow] = []
        progress = JobProgress(RACE)
        for event in with_deadline(race(Path(clip), int(frames), contenders())):
            match event:
                case Progress():
                    yield {"status": progress.bar(event)}
                case FinderRow():
                    rows.append(event)
                    yield {"table": _table(rows)}
                case FinderRace():
                    yield {"status": sentence(outcome(event)), "grid": finder_grid(event)}
    except ExplorerError as error:
        yield {"status": sentence(f"{error}.", "error")}


def _table(rows: list[FinderRow]) -> str:
    head = "".join(f"<th>{name}</th>" for name in _HEADERS)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in _cells(row))}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(row: FinderRow) -> list[object]:
    overlap = row.mean_iou_with_mtcnn
    return [
        TITLES[row.finder] + (" in batches" if row.batched else ""),
        row.side_px,
        f"{row.fps:.1f}",
        row.found,
        row.missed,
        "&ndash;" if overlap is None else f"{overlap:.2f}",
    ]


def outcome(race: FinderRace) -> str:
    """What each finder costs at the size the explorer works at, and what Haar misses there, in a sentence."""
    rows = {(row.finder, row.batched): row for row in race.rows if row.side_px == race.shown_px}
    haar, mtcnn, yardstick = rows["haar", False], rows["mtcnn", True], race.rows[0]
    cost = f"At {race.shown_px} px a frame takes Haar {haar.ms_per_frame:.0f} ms and MTCNN {mtcnn.ms_per_frame:.0f} ms"
    if not yardstick.found:
        return f"{cost}. MTCNN finds no face in {len(race.frames)} frames; Haar draws {haar.found or 'no'} boxes."
    expected = f"of the {yardstick.found} faces that MTCNN finds at {yardstick.side_px} px"
    return f"{cost}. Haar misses {haar.missed or 'none'} {expected}, in {len(race.frames)} frames."
