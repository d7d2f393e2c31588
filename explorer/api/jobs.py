"""What the API's jobs on a clip have in common: they end in time, tell how far they are, and fail in one sentence.

They are generators: Gradio stops a job that was cancelled, or whose client is gone, where it yields; a plain function
would go on to its end with nobody waiting, beside the next job. What they yield last is the answer, which is all that
`predict` shows; what comes before tells how far the job is: stage, done and total.
"""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Any, cast

import gradio as gr
from gradio.utils import get_upload_folder, is_in_or_equal

from explorer.deadline import with_deadline
from explorer.errors import ExplorerError, InvalidRequest
from explorer.limits import MAX_FILES_AT_ONCE
from explorer.structures import Progress
from explorer.turns import WORK
from model_zoo.errors import ZooError

LOST = str.maketrans("", "", '[]"')  # from a name, where the upload's answer is unpacked by `tr -d '[]"'`
IN_LINE = Progress("waiting for its turn", 0, 1)


def in_sentences(function: Callable[..., Iterator[dict]]) -> Callable[..., Iterator[dict]]:
    """A method whose errors, where they are our own, reach the client as one sentence."""

    @wraps(function)
    def run(*args: object, **kwargs: object) -> Iterator[dict]:
        try:
            yield from function(*args, **kwargs)
            return
        except (ExplorerError, ZooError) as error:
            sentence = str(error)
        # Out here, with nothing of the job tied to it, because Gradio keeps what it catches for a while.
        raise gr.Error(sentence, print_exception=False)

    return run


def job(function: Callable[..., Iterator[dict]]) -> Callable[..., Iterator[dict]]:
    """A method that takes its turn, ends in time, and whose errors are sentences."""

    @wraps(function)
    def run(*args: object, **kwargs: object) -> Iterator[dict]:
        return WORK.in_turn(lambda: with_deadline(function(*args, **kwargs)), asdict(IN_LINE))

    return in_sentences(run)


def no_tool(function: Callable[..., Iterator[dict]]) -> Callable[..., Iterator[dict]]:
    """A method that agents are not offered: they name one address a call."""
    function.__dict__["_mcp_type"] = "none"  # Gradio lists tools, resources and prompts by this
    return function


def steps(events: Iterator[Any]) -> Generator[dict, None, Any]:
    """The Progress among a job's events, as dicts; returns the job's last event, and closes the job when closed."""
    with closing(cast(Generator, events)):
        for event in events:
            if isinstance(event, Progress):
                yield asdict(event)
        return event


def path_of(clip: object) -> Path:
    """The uploaded file that a client names. Raises InvalidRequest for anything else."""
    if not isinstance(clip, dict) or not isinstance(clip.get("path"), str) or not clip["path"]:
        raise InvalidRequest('clip takes a file: handle_file("clip.mp4") in the Gradio client')
    if not _is_uploaded(clip["path"]):  # gr.api checks only what is marked as a file
        raise InvalidRequest("clip takes an uploaded file, not a path on the server")
    return _as_stored(Path(clip["path"]))


def paths_of(clips: object) -> list[Path]:
    """The uploaded files that a client names, at least one. Raises InvalidRequest for anything else."""
    if not isinstance(clips, list) or not 0 < len(clips) <= MAX_FILES_AT_ONCE:
        example = '[handle_file("a.mp4"), handle_file("b.jpg")]'
        raise InvalidRequest(f"clips takes a list of 1 to {MAX_FILES_AT_ONCE} files: {example} in the Gradio client")
    return [path_of(clip) for clip in clips]


def _is_uploaded(path: str) -> bool:
    """Whether that lies among the uploads, or would; what no file can be called does not."""
    try:
        os.lstat(path)
    except FileNotFoundError:
        pass  # which is said once it is opened
    except (OSError, ValueError):
        return False
    return is_in_or_equal(path, get_upload_folder())


def _as_stored(path: Path) -> Path:
    """The path; where nothing lies there, the upload beside it whose name has lost its brackets on the way."""
    if not path.exists():
        with suppress(OSError):
            for stored in path.parent.iterdir():
                if stored.name.translate(LOST) == path.name:
                    return stored
    return path
