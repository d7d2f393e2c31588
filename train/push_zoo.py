"""python train/push_zoo.py --repo user/name [--revision-tag v1] [--each [--space user/name]] [--private] [--dry-run]

Check the release, then publish it as a Hub repository in one commit: a folder per variant, the manifest, the cards.
With --each also a repository per variant, user/deepfake-NAME, as timm and the Hub expect one, and a Collection of all.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from model_zoo.manifest import RELEASE, read_manifest
from train.cli import run_command
from train.release.cards import zoo_card
from train.release.checks import inspect_release
from train.release.publish import Content, publish, size_of
from train.release.repositories import collect, repository_files, repository_of


def zoo_files(release: Path) -> dict[str, Content]:
    """What the Hub repository holds: the checked release and its card. Raises ZooError or BadRun."""
    manifest = inspect_release(release)
    paths = [path for row in manifest.variants.values() for path in (*row.files, f"{row.name}/README.md")]
    files: dict[str, Content] = {path: release / path for path in (*paths, "manifest.json")}
    return files | {"README.md": zoo_card(manifest).encode()}


def push(args: argparse.Namespace) -> None:
    files = zoo_files(args.release)
    if args.dry_run:
        print("\n".join(f"{size_of(content):>11,}  {path}" for path, content in files.items()))
    total = sum(map(size_of, files.values())) / 1e6
    print(f"checked: {len(files)} files, {total:.1f} MB {'would go' if args.dry_run else 'go'} to {args.repo}")
    if args.dry_run:
        for repo, own in repositories(args).items():
            print(f"{len(own)} files, {sum(map(size_of, own.values())) / 1e6:.1f} MB would go to {repo}")
        return
    message = f"Release of {sum(path.endswith('config.json') for path in files)} variants"
    pushed = publish(args.repo, files, message, private=args.private, tag=args.revision_tag)
    print(f"{'pushed' if pushed.changed else 'nothing has changed'}: {pushed.url}")
    print(f"commit {pushed.commit}{f', tag {args.revision_tag}' if args.revision_tag else ''}")
    print(f"serve it with ZOO_REPO={args.repo} ZOO_REVISION={pushed.commit} python app.py")
    for repo, own in repositories(args).items():
        pushed = publish(repo, own, "Release", private=args.private)
        print(f"{'pushed' if pushed.changed else 'nothing has changed'}: {pushed.url}")
    if args.each:
        owner = args.repo.partition("/")[0]
        print(f"tied: {collect(owner, [args.repo, *repositories(args)], args.private)}")


def repositories(args: argparse.Namespace) -> dict[str, dict[str, Content]]:
    """The files of each variant's own repository, with --each."""
    manifest = read_manifest(args.release)
    rows = manifest.variants.values() if args.each else ()
    owner = args.repo.partition("/")[0]
    return {
        repository_of(owner, row.name): repository_files(manifest, row, args.release, args.repo, args.space)
        for row in rows
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repo", required=True, help="user/name; made if it does not exist")
    parser.add_argument("--revision-tag", help="a tag for this release, such as v1")
    parser.add_argument("--each", action="store_true", help="also a repository per variant, and a Collection of all")
    parser.add_argument("--space", default="", help="user/name of the Space that serves it, for the cards of --each")
    parser.add_argument("--private", action="store_true", help="if it is made now, only you may see it")
    parser.add_argument("--dry-run", action="store_true", help="check and list what would be pushed; nothing is sent")
    parser.add_argument("--release", type=Path, default=RELEASE)
    args = parser.parse_args()
    run_command(lambda: push(args))


if __name__ == "__main__":
    main()
