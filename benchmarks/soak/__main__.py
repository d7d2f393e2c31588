"""`make soak`: load, stops, soak and floods against the app in its own process, as a table; fails where one fails.

In full, the tables are written into docs/results.md.
"""

import argparse
import sys
import tempfile
import time
from dataclasses import fields, replace
from pathlib import Path

import psutil

from benchmarks.section import write_section
from benchmarks.soak.checks import table
from benchmarks.soak.run import FULL, SHORT, Size, flooded, load_and_stop, soak_alone
from explorer.cpu import cpu_facts

SECTIONS = {"soak": {"load": load_and_stop, "soak": soak_alone}, "floods": {"floods": flooded}}  # of docs/results.md


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="the size that the tests run")
    parser.add_argument("--only", choices=SECTIONS, help="this section alone")
    for field in fields(FULL):
        parser.add_argument(f"--{field.name}", type=field.type, help=f"instead of {getattr(FULL, field.name)}")
    options = vars(parser.parse_args())
    size, only = SHORT if options.pop("short") else FULL, options.pop("only")
    size = replace(size, **{name: value for name, value in options.items() if value is not None})
    print(size)
    sys.exit(not all([_measured(section, size) for section in SECTIONS if only in (None, section)]))


def _measured(section: str, size: Size) -> bool:
    """Run a section's trials and print their table; whether all is kept."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soak-", ignore_cleanup_errors=True) as folder:
        checks = [check for name, trial in SECTIONS[section].items() for check in trial(Path(folder) / name, size)]
    cpu, (_, _, busy) = cpu_facts(), psutil.getloadavg()
    facts = f"{cpu.model}, {cpu.threads} threads; load average {busy:.1f}; {time.monotonic() - began:.0f} s in all"
    text = f"{facts}\n\n{table(checks)}"
    print(f"\n{text}")
    if size == FULL:
        write_section(section, text)
    return all(check.met for check in checks)


if __name__ == "__main__":
    main()
