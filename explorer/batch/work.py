"""One clip of many, judged to a row: what processes, actors and the queue all run."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from json import dumps
from pathlib import Path
from time import perf_counter
from typing import cast

from explorer import limits
from explorer.batch.clips import Listed, identity
from explorer.deadline import with_deadline
from explorer.errors import ExplorerError
from explorer.exports.archive import write_zip
from explorer.exports.report_json import as_json
from explorer.exports.scores import Row, failed_row, score_row
from explorer.judging import Question, judge
from explorer.plots.palette import colours
from explorer.structures import Progress, Report
from explorer.video.decoder import printable
from model_zoo.errors import ZooError
from model_zoo.files import write_atomically
from model_zoo.zoo import Zoo

MAX_NAME_BYTES = 200  # of a clip's name in that of its report; file systems take 255 in all
CARRIED = "given_"  # before the name of a column that was brought along and is called like one of ours


@dataclass(frozen=True)
class Work:
    """What is asked of each clip, by which zoo, and where its report and its zip go, if anywhere."""

    question: Question
    zoo: Zoo
    json_folder: Path | None = None
    zip_folder: Path | None = None
    seconds: float = field(default=limits.MAX_JOB_SECONDS)

    def row(self, clip: Listed) -> Row:
        """The row of a clip, whatever becomes of it. Raises OSError where its report or zip cannot be written."""
        known = identity(clip.path)  # as it was when it was begun
        *_, row = self.steps(clip.path)
        return _joined(known, cast(Row, row), clip)

    def steps(self, path: Path, name: str | None = None) -> Iterator[Progress | Row]:
        """How far it is, then the row; our own errors are rows."""
        began, variants = perf_counter(), self.question.names(self.zoo)
        name = printable(name or path.name)
        try:
            for event in with_deadline(judge(path, self.question, self.zoo, name), self.seconds):
                if isinstance(event, Progress):
                    yield event
            report = cast(Report, event)
            self._keep(report, path)
            yield score_row(report, self.zoo, variants, perf_counter() - began)
        except (ExplorerError, ZooError) as error:
            yield failed_row(name, str(error), variants, perf_counter() - began)

    def lost(self, clip: Listed, sentence: str) -> Row:
        """The row of a clip whose worker was lost."""
        row = failed_row(printable(clip.path.name), sentence, self.question.names(self.zoo))
        return _joined(identity(clip.path), row, clip)

    def _keep(self, report: Report, path: Path) -> None:
        """Report and zip, under names that no two clips share."""
        short = os.fsencode(path.name)[:MAX_NAME_BYTES].decode("utf-8", "ignore")
        name = f"{short}.{sha256(os.fsencode(path)).hexdigest()[:8]}"
        content = as_json(report, self.zoo) if self.json_folder or self.zip_folder else {}
        if self.json_folder:
            with write_atomically(self.json_folder / f"{name}.json") as partial:
                partial.write_text(dumps(content, indent=2), encoding="utf-8")
        if self.zip_folder:
            palette = colours(result.name for result in report.variants)
            with write_atomically(self.zip_folder / f"{name}.zip") as partial:
                write_zip(partial, report, content, palette)


def _joined(known: Row, row: Row, clip: Listed) -> Row:
    """What the clip is known by, its row, and what was brought along."""
    own = known | row
    return own | {CARRIED + key if key in own else key: value for key, value in clip.given.items()}
