"""The numbers of system calls."""

import re
from pathlib import Path

import pytest

from explorer.video.system_calls import ALLOWED, ARCHITECTURES

HEADERS = {  # of the C library's development files
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
DANGEROUS = (
    "socket connect bind execve fork vfork kill tgkill ptrace process_vm_readv io_uring_setup unlink rename prlimit64"
)


@pytest.mark.parametrize("architecture", ARCHITECTURES.values(), ids=ARCHITECTURES)
def test_no_two_calls_have_one_number(architecture):
    numbers = [*architecture.numbers(ALLOWED), architecture.seccomp, architecture.clone, architecture.prctl]
    assert len(set(numbers)) == len(numbers)


def test_what_leads_outside_is_not_among_them():
    assert not ALLOWED.keys() & set(DANGEROUS.split())


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_they_are_those_of_the_system(name):
    if not HEADERS[name].exists():
        pytest.skip("the C library's headers are not here")
    text = re.sub(r"__NR3264_(\w+)", r"__NR_\1", HEADERS[name].read_text())
    system = {call: int(number) for call, number in re.findall(r"#define __NR_(\w+)\s+(\d+)", text)}
    system |= {"newfstatat": system.get("newfstatat", system.get("fstatat", -1))}
    architecture = ARCHITECTURES[name]
    ours = {call: row[architecture.column] for call, row in ALLOWED.items() if row[architecture.column] is not None}
    ours |= {call: getattr(architecture, call) for call in ("seccomp", "clone", "prctl")}
    newer = ours.keys() - system.keys()  # than the headers here
    assert newer <= {"futex_wake", "futex_wait"}
    assert {call: number for call, number in ours.items() if call not in newer} == {
        call: system[call] for call in ours.keys() - newer
    }
