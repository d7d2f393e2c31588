"""python -m explorer CLIPS... --out scores.parquet

Judge many clips and photos as the app does: files, folders, patterns in quotes, or a CSV or parquet table with a column
of paths. One row a clip in the table, with the sentence that says why where it could not be judged. With labels (a
column `label` of 0, 1, real or fake, and `family` if there are kinds) it also tells how good the detectors were. Stop
it at any time and run it again: it goes on where it was. Exit status 0, or 3 where clips or variants failed; 1 where
nothing could be begun, or not go on. What app.py heeds holds here, too: ZOO_REPO, EXPLORER_MAX_BYTES and so on.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from tqdm import tqdm

from explorer import limits
from explorer.batch.clips import Listed, Listing, list_clips, spelled, with_labels
from explorer.batch.cluster import Cluster
from explorer.batch.labels import LABEL, Labels, read_table
from explorer.batch.pool import spread
from explorer.batch.results import Results, write_csv
from explorer.batch.work import Work
from explorer.detectors import rows_of
from explorer.errors import ExplorerError, InvalidRequest, UnknownOption
from explorer.exports.scores import Row, failed
from explorer.faces.finders import DEFAULT_FINDER, FINDERS
from explorer.inference.engines import ENGINES
from explorer.judging import Question
from explorer.telemetry import silence
from model_zoo.errors import ZooError
from model_zoo.files import write_atomically
from model_zoo.guests.admission import with_guests
from model_zoo.hub import choose_zoo
from model_zoo.zoo import Zoo

SOME_FAILED = 3  # exit status
CLIP_SECONDS = 600  # ten times what a visitor may take: nobody waits in line here, and machines are slow or busy
BAR = "{l_bar}{bar}| {n_fmt}/{total_fmt} [{elapsed}<{remaining}, {rate_noinv_fmt}{postfix}]"


def parser() -> argparse.ArgumentParser:
    """The command line."""
    words = argparse.ArgumentParser(
        "python -m explorer", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    words.add_argument("clips", nargs="+", metavar="CLIPS", help="files, folders, patterns, or tables of paths")
    words.add_argument("--out", type=Path, required=True, help="the table of scores, a parquet file")
    words.add_argument("--labels", type=Path, help="CSV or parquet that labels clips by their names")
    words.add_argument("--path-column", help="the column of paths or names; by default path, name, file, clip or video")
    words.add_argument("--variants", nargs="+", default=[], metavar="NAME", help="by default all that are released")
    words.add_argument("--frames", type=int, default=limits.DEFAULT_FRAMES, help=f"1 to {limits.MAX_FRAMES} a clip")
    words.add_argument("--finder", default=DEFAULT_FINDER, choices=sorted(FINDERS))
    words.add_argument("--engine", default="auto", choices=("auto", *ENGINES))
    words.add_argument("--csv", type=Path, help="write the table here, too")
    words.add_argument("--json-dir", type=Path, help="write each clip's report here, as /analyze gives it")
    words.add_argument("--zip-dir", type=Path, help="write each clip's zip here, as the page offers it, without clips")
    words.add_argument("--resume", action=argparse.BooleanOptionalAction, default=True, help="skip what is done")
    words.add_argument("--workers", type=int, default=1, help="processes or actors, each with its share of the cores")
    words.add_argument(
        "--seconds", type=float, default=max(CLIP_SECONDS, limits.MAX_JOB_SECONDS), help="that a clip may take at most"
    )
    words.add_argument("--cluster", action="store_true", help="by Ray, on this machine or at --address")
    words.add_argument("--address", help="a running Ray cluster, such as auto or ray://head:10001; implies --cluster")
    words.add_argument("--cores", type=int, help="of each actor; by default this machine's, shared out")
    return words


def main(words: Sequence[str] | None = None) -> int:
    """Run the command; gives its exit status."""
    args = parser().parse_args(words)
    silence()
    try:
        return run(args)
    except (ExplorerError, ZooError) as error:
        print(f"error: {error}.", file=sys.stderr)
    except OSError as error:
        why = error.strerror or type(error).__name__
        print(f"error: stopped ({why}); the rows so far are kept, run it again to go on.", file=sys.stderr)
    except KeyboardInterrupt:
        print("stopped; the rows so far are kept, run it again to go on.", file=sys.stderr)
    return 1


def run(args: argparse.Namespace) -> int:
    """Judge, write and measure. Raises our own errors, and OSError."""
    zoo = choose_zoo(os.environ.get("ZOO_REPO"), os.environ.get("ZOO_REVISION"), folder=os.environ.get("ZOO_FOLDER"))
    zoo = with_guests(zoo, os.environ.get("EXPLORER_GUESTS", ""), limits.MAX_GUEST_BYTES)
    for guest in zoo.refused:
        print(f"note: guest {guest.name} will not run: {guest.why}.", file=sys.stderr)
    work = work_of(args, zoo)
    listing = list_clips(args.clips, args.path_column)
    if args.labels:
        rows = read_table(args.labels, args.path_column)
        listing = with_labels(listing, Labels(rows, args.labels.name, args.path_column))
    for note in dict.fromkeys(listing.notes):
        print(f"note: {note}.", file=sys.stderr)
    with Results(args.out, settings_of(work), args.resume) as results:
        judge_all(listing, work, results, partial(judged, work=work, args=args))
        rows = [results.rows[spelled(path)] for path in listing.clips]
    return conclude(args, rows, work)


def judged(clips: list[Listed], work: Work, args: argparse.Namespace) -> Iterator[Row]:
    """The rows of the clips as they are done, here or on a cluster."""
    if not clips:
        return
    if args.cluster or args.address:
        cluster = Cluster(args.workers, args.cores, args.address)
        yield from (row for _, row in cluster.spread(clips, work.row, work.lost))
    else:
        yield from spread(clips, work.row, args.workers, work.lost)


def work_of(args: argparse.Namespace, zoo: Zoo) -> Work:
    """What is asked of each clip. Raises InvalidRequest and UnknownOption before anything is begun."""
    if not 1 <= args.frames <= limits.MAX_FRAMES:
        raise InvalidRequest(f"{args.frames} frames were asked for; choose 1 to {limits.MAX_FRAMES}")
    if args.workers < 1:
        raise InvalidRequest(f"{args.workers} workers were asked for; choose 1 or more")
    if not args.seconds > 0:
        raise InvalidRequest(f"{args.seconds:g} seconds a clip were asked for; choose more than 0")
    if args.cores is not None and args.cores < 1:
        raise InvalidRequest(f"{args.cores} cores an actor were asked for; choose 1 or more")
    if args.out.suffix.lower() != ".parquet":
        raise InvalidRequest(f"{args.out.name} is to be a .parquet file; --csv writes a CSV beside it")
    released = rows_of(zoo)
    if unknown := [name for name in args.variants if name not in released]:
        raise UnknownOption(f"no variant named {unknown[0]}; choose of {', '.join(released)}")
    for folder in filter(None, (args.json_dir, args.zip_dir)):
        folder.mkdir(parents=True, exist_ok=True)
    question = Question(tuple(args.variants) or tuple(released), args.frames, args.finder, args.engine)
    return Work(question, zoo, args.json_dir, args.zip_dir, args.seconds)


def settings_of(work: Work) -> Row:
    """What a table's rows have in common, by which a rerun knows its own."""
    asked = work.question
    guests = [f"{guest.name}={guest.sha256}" for guest in work.zoo.guests if guest.name in asked.variants]
    return {
        "variants": list(asked.variants), "frames": asked.frames, "finder": asked.finder, "engine": asked.engine,
        "zoo": " ".join([work.zoo.source, work.zoo.revision, *guests]),
    }  # fmt: skip


def judge_all(listing: Listing, work: Work, results: Results, judged: Callable[[list[Listed]], Iterator[Row]]) -> None:
    """Have what is not done yet judged, and keep each row as it comes."""
    left = [clip for path, clip in listing.clips.items() if not results.done(path)]
    for path, clip in listing.clips.items():  # labels may have come since
        if (row := results.rows.get(spelled(path))) and any(row.get(key) != value for key, value in clip.given.items()):
            results.rows[spelled(path)] = row | clip.given
    count, failures = len(listing.clips), 0
    with tqdm(total=count, initial=count - len(left), unit="clip", bar_format=BAR) as bar:
        for row in judged(left):
            results.add(row)
            failures += failed(row)
            bar.set_postfix_str(f"{failures} failed" if failures else "", refresh=False)
            bar.update()


def conclude(args: argparse.Namespace, rows: list[Row], work: Work) -> int:
    """Write what else was asked for, print what came of it; gives the exit status."""
    if args.csv:
        write_csv(rows, args.csv)
    for row in (broken := [row for row in rows if failed(row)]):
        print(f"failed: {row['name']}: {row['error']}", file=sys.stderr)
    print(f"{len(rows)} clip{'s' * (len(rows) != 1)} in {args.out}, {len(broken)} of them failed.")
    if any(row.get(LABEL) is not None for row in rows):
        from explorer.batch.measures import as_text, measure_rows  # scikit-learn takes a second to load

        released = rows_of(work.zoo)
        measured = measure_rows(rows, {name: released[name].threshold for name in work.question.names(work.zoo)})
        print(as_text(measured))
        with write_atomically(args.out.with_suffix(".metrics.json")) as partial:
            partial.write_text(json.dumps(measured, indent=2), encoding="utf-8")
    return SOME_FAILED if broken else 0
