"""python train/push_space.py --repo user/name --zoo user/zoo [--zoo-revision v1] [--hardware zerogpu | --static]

Publish the explorer as a Space that serves a pinned revision of a zoo: what serving needs and nothing of train/. With
--out the Space's files are written there instead, to be looked at or run. --hardware zerogpu is for Spaces on ZeroGPU.
--static publishes the page that runs in the visitor's own browser instead, with the zoo's files at that commit.
"""

import argparse
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from explorer.paths import EXAMPLES
from explorer.video.examples import example_clips
from model_zoo.hub import pull
from train.cli import run_command
from train.release.publish import Content, commit_of, files_of, publish, set_variables, size_of
from train.release.space import CPU, HARDWARE, preload_line, space_card, written_files
from train.release.static_space import static_files

ROOT = Path(__file__).resolve().parents[1]
LEGAL = ("LICENSE", "THIRD_PARTY.md")
DOCUMENTS = ("docs/**/*", "benchmarks/pictures/*", "benchmarks/growth.svg")  # what the README leads to
SERVED = ("app.py", *LEGAL, *DOCUMENTS, "explorer/**/*", "model_zoo/**/*.py")
BUNDLED = "model_zoo/release/**/*"  # what is served while the Hub cannot be reached


def space_files(repo: str, zoo: str, hardware: str = CPU, preload: str = "") -> dict[str, Content]:
    """The Space's files by path; its README names the zoo, its requirements fit its hardware."""
    paths = sorted(
        path
        for pattern in (*SERVED, BUNDLED)
        for path in ROOT.glob(pattern)
        if path.is_file() and path.suffix != ".pyc"
    )
    card = space_card((ROOT / "README.md").read_text(encoding="utf-8"), repo, zoo, hardware, preload)
    files: dict[str, Content] = {path.relative_to(ROOT).as_posix(): path for path in paths}
    return files | written_files(hardware, card)


def write_files(files: dict[str, Content], folder: Path) -> None:
    """The files as a tree."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(content, target) if isinstance(content, Path) else target.write_bytes(content)


def push(args: argparse.Namespace) -> None:
    revision = "" if args.out else commit_of(args.zoo, args.zoo_revision)
    preload = preload_line(args.zoo, revision, files_of(args.zoo, revision)) if revision else ""
    files = space_files(args.repo, args.zoo, args.hardware, preload)
    print(f"{len(files)} files, {sum(map(size_of, files.values())) / 1e6:.1f} MB")
    if args.out:
        write_files(files, args.out)
        print(f"written to {args.out}; try it: ZOO_REPO={args.zoo} ZOO_REVISION={args.zoo_revision} python app.py")
        return
    pushed = publish(args.repo, files, f"The explorer, serving {args.zoo}", kind="space", private=args.private)
    set_variables(args.repo, {"ZOO_REPO": args.zoo, "ZOO_REVISION": revision})
    print(f"{'pushed' if pushed.changed else 'nothing has changed'}: {pushed.url}")
    print(f"commit {pushed.commit}; it serves {args.zoo} at {revision}")


def push_static(args: argparse.Namespace) -> None:
    zoo = pull(args.zoo, commit_of(args.zoo, args.zoo_revision))
    with TemporaryDirectory() as folder:
        files = static_files(zoo, example_clips(EXAMPLES), Path(folder))
        print(f"{len(files)} files, {sum(map(size_of, files.values())) / 1e6:.1f} MB")
        if args.out:
            write_files(files, args.out)
            print(f"written to {args.out}; try it: python -m http.server --directory {args.out}")
            return
        message = f"Detectors on the visitor's device, of {args.zoo}"
        pushed = publish(args.repo, files, message, kind="space", private=args.private, sdk="static")
    print(f"{'pushed' if pushed.changed else 'nothing has changed'}: {pushed.url}")
    print(f"commit {pushed.commit}; it holds {args.zoo} at {zoo.revision}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repo", required=True, help="user/name of the Space; made if it does not exist")
    parser.add_argument("--zoo", required=True, help="user/name of the zoo that it serves")
    parser.add_argument("--zoo-revision", default="main", help="branch, tag or commit; pinned to its commit")
    parser.add_argument("--hardware", choices=HARDWARE, default=CPU, help="what it runs on; zerogpu for free accounts")
    parser.add_argument("--static", action="store_true", help="the page that runs in the visitor's own browser")
    parser.add_argument("--private", action="store_true", help="if it is made now, only you may see it")
    parser.add_argument("--out", type=Path, help="write the files here and send nothing")
    args = parser.parse_args()
    run_command(lambda: push_static(args) if args.static else push(args))


if __name__ == "__main__":
    main()
