"""The Face map tab: which faces of a clip a detector sees as alike."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np

from explorer.deadline import with_deadline
from explorer.errors import ExplorerError, InvalidRequest
from explorer.face_map.embedding import NOISE
from explorer.face_map.mapping import FaceMap, map_faces
from explorer.face_map.reference import why_no_references
from explorer.faces.finders import DEFAULT_FINDER, finder_named
from explorer.faces.mtcnn.second_look import log_odds
from explorer.pages.components.asset import asset
from explorer.pages.components.job_progress import ANALYSIS, JobProgress
from explorer.pages.components.jobs import listener_for
from explorer.pages.components.kept import KeptReport, kept, restored_report
from explorer.pages.components.messages import sentence, starting
from explorer.pipeline import analyse
from explorer.plots.face_map import BY_CLUSTER, colour_choices, face_map_figure
from explorer.structures import Progress, Report
from model_zoo.errors import ZooError
from model_zoo.manifest import read_manifest
from model_zoo.variants import VARIANTS
from model_zoo.zoo import Zoo

DEFAULT_VARIANT = "lite0_kd"
_READY = "The map shows the faces of the clip that is chosen under Compare: choose one there, then draw its map."
_NOTE = """Each point is a face, placed by what the network computes just before it judges (PCA, then t-SNE).
**Neighbours look alike to the detector**: a cluster is a pose, a light, a person or a trace of forgery, and the
pictures tell which. The map cannot show how unlike two groups are: **distances between far clusters, their sizes and
the axes mean nothing**, and to lie among fake references is no verdict. Clusters come from HDBSCAN in PCA's space; a
few faces fall into some pattern by chance. The references are validation faces of DFDC, half of them fake, of which
only the features are kept."""

_PANEL = """@children
<figure><img hidden alt="the face pointed at"><figcaption>Point at a face, or tap it.</figcaption></figure>"""


def build_page(zoo: Zoo, last_run: gr.State, clip: gr.File | None = None, tab: gr.Tab | None = None) -> None:
    """Lay the tab out inside the current Blocks; `last_run` holds the KeptReport of the clip analysed last, or None.

    Of a `clip` that is chosen and was not analysed, the faces are found here; whenever `tab` is selected, it is named.
    """
    names = [name for name in read_manifest(zoo.release).variants if _gives_features(name)]
    drawn = gr.State(None)  # the FaceMap that is shown
    found = gr.State(None, time_to_live=1800)  # the faces of a clip that was not analysed: its path, a KeptReport
    with gr.Row(equal_height=False):
        default = DEFAULT_VARIANT if DEFAULT_VARIANT in names else next(iter(names), None)
        variant = gr.Dropdown(names, value=default, label="Features of")
        colour = gr.Dropdown([BY_CLUSTER], value=BY_CLUSTER, label="Colour by", elem_id="map-colour")
        references = gr.Checkbox(True, label="With reference faces", info="known real and fake ones")
    draw = gr.Button("Draw the map", variant="primary", elem_id="map-draw")
    status = gr.HTML(sentence(_READY), elem_id="map-status")
    with gr.HTML(
        html_template=_PANEL,
        css_template=asset("face_panel.css"),
        js_on_load=asset("face_panel.js"),
        elem_id="map-panel",
    ):
        plot = gr.Plot(show_label=False, elem_id="map")
    gr.Markdown(_NOTE, elem_classes="small")

    slots = {"status": status, "plot": plot, "colour": colour, "drawn": drawn, "found": found}
    inputs = [last_run, clip or gr.State(None), found, variant, references, colour]
    listener = listener_for(partial(_updates, zoo.release), inputs, slots)
    triggers = [draw.click, variant.input, references.input]
    gr.on(triggers, None, None, status, js=f"() => [{json.dumps(starting())}]")
    gr.on(triggers, **listener)
    if clip is not None and tab is not None:
        tab.select(_ready, [last_run, clip, drawn], status, queue=False, api_visibility="private")
    colour.input(_recoloured, [drawn, colour], [plot], api_visibility="private", show_progress="hidden")


def _gives_features(name: str) -> bool:
    return name in VARIANTS and VARIANTS[name].precision != "int8" and VARIANTS[name].gives_features


Found = tuple[str, KeptReport]


def _updates(
    release: Path,
    run: KeptReport | None,
    clip: str | None,
    found: Found | None,
    variant: str,
    references: bool,
    colour_by: str,
) -> Iterator[dict]:
    """What changes in the page, slot by slot; our own errors become one sentence."""
    report = restored_report(run) if run and run.crops else None
    try:
        if report is None and clip and found and found[0] == clip:
            report = restored_report(found[1])
        elif report is None and clip:
            progress = JobProgress(ANALYSIS)
            for event in with_deadline(analyse(Path(clip), {}, finder_named(DEFAULT_FINDER), examine=log_odds)):
                if isinstance(event, Progress):
                    yield {"status": progress.bar(event)}
                elif isinstance(event, Report):
                    report = event
                    yield {"found": (clip, kept(event))}
        if report is None:
            raise InvalidRequest(_without_faces(run))
        yield {"status": sentence(f"Laying out {len(report.faces)} faces of {report.clip.name}.")}
        face_map = map_faces(report, variant, release, references)
        choices = colour_choices(face_map)
        colour_by = colour_by if colour_by in choices else BY_CLUSTER
        yield {
            "status": sentence(_described(face_map, references)),
            "plot": face_map_figure(face_map, colour_by),
            "colour": gr.Dropdown(choices, value=colour_by),
            "drawn": face_map,
        }
    except (ExplorerError, ZooError) as error:
        yield {"status": sentence(f"{error}.", "error"), "plot": None, "drawn": None}


def _without_faces(run: KeptReport | None) -> str:
    """Why there is nothing to map."""
    if run is not None and run.report.faces:
        return f"The result of {run.report.clip.name} was kept without its faces; choose the clip under Compare again"
    return "There is no clip to map yet; choose one under Compare first"


def _ready(run: KeptReport | None, clip: str | None, drawn: FaceMap | None) -> Any:
    """Which clip's faces would be drawn, where that is another than is shown."""
    if run is not None and run.crops:
        name, count = run.report.clip.name, len(run.report.faces)
        words = f"Ready: {count} face{'s' * (count != 1)} of {name}, analysed under Compare. Draw the map."
    elif clip:
        name = Path(clip).name
        words = f"{name}, chosen under Compare, is ready: its faces are found when the map is drawn."
    else:
        return gr.skip()
    return gr.skip() if drawn is not None and drawn.clip == name else sentence(words)


def _recoloured(face_map: FaceMap | None, colour_by: str) -> Any:
    return gr.skip() if face_map is None else face_map_figure(face_map, colour_by)


def _described(face_map: FaceMap, references: bool) -> str:
    """The map in a sentence, which also says why references that were asked for are missing."""
    count = len(face_map.times)
    own = face_map.embedding.clusters[:count]
    clusters, alone = len(set(own) - {NOISE}), int(np.sum(own == NOISE))
    groups = f"{clusters or 'no'} cluster{'s' * (clusters != 1)}" + f", {alone} of the faces in none" * (alone > 0)
    text = f"{count} faces of {face_map.clip}, as {face_map.variant} sees them: {groups}."
    if references and not len(face_map.labels):
        text += f" The references are left out: {why_no_references(face_map.variant)}."
    return text
