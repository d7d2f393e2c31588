"""What the kernel keeps from the process that decodes a clip: landlock takes files, ports and signals, seccomp calls.

Both are asked for with ctypes, hold for good, and need no privilege. Where a kernel has one of them, that one holds.
"""

import ctypes
import os
import platform
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

from explorer.video.system_calls import ALLOWED, ARCHITECTURES, Architecture

NO_NEW_PRIVILEGES, SET_NAME = 38, 15  # linux/prctl.h

# linux/landlock.h. What each version of it can take away; bit 2 is the reading of files.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
BITS_OF_FILES = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
READ_FILE, PATH_BENEATH = 1 << 2, 1
PORTS_FROM, SIGNALS_FROM = 4, 6

# linux/seccomp.h, linux/filter.h
SET_FILTER, ALL_THREADS = 1, 1
ALLOW, REFUSE, NO_SUCH_CALL = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38  # an error: EPERM, ENOSYS
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # in what a filter sees of a call
THREAD = 0x00010000  # CLONE_THREAD: of what is cloned, only threads


def enter(readable: Iterable[Path]) -> list[str]:
    """From here on this process opens these files and no other, no socket, and no process; gives what is missing.

    Missing, by name, is what this kernel does not have or does not let it use.
    """
    missing = []
    for name, wall in (("landlock", lambda: _landlock(readable)), ("seccomp", _seccomp)):
        try:
            _call(None, "prctl", NO_NEW_PRIVILEGES, 1, 0, 0, 0)
            wall()
        except (OSError, AttributeError):  # a libc without syscall or prctl
            missing.append(name)
    return missing


def _call(number: int | None, name: str, *arguments: object) -> int:
    """A system call, by its number or as libc has it. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    words = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    result = libc.prctl(*words) if number is None else libc.syscall(ctypes.c_long(number), *words)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")
    return result


def _landlock(readable: Iterable[Path]) -> None:
    version = _call(CREATE_RULESET, "landlock", None, 0, 1)
    files = (1 << BITS_OF_FILES[min(version, max(BITS_OF_FILES))]) - 1
    taken = [files, 3 if version >= PORTS_FROM else 0, 3 if version >= SIGNALS_FROM else 0]
    attributes = struct.pack("=3Q", *taken)[: 8 if version < PORTS_FROM else 16 if version < SIGNALS_FROM else 24]
    ruleset = _call(CREATE_RULESET, "landlock", attributes, len(attributes), 0)
    try:
        for path in filter(Path.is_file, readable):
            file = os.open(path, os.O_PATH | os.O_CLOEXEC)
            try:
                _call(ADD_RULE, "landlock", ruleset, PATH_BENEATH, struct.pack("=Qi", READ_FILE, file), 0)
            finally:
                os.close(file)
        _call(RESTRICT_SELF, "landlock", ruleset, 0)
    finally:
        os.close(ruleset)


def _seccomp() -> None:
    architecture = ARCHITECTURES.get(platform.machine())
    if architecture is None:
        raise OSError(f"the system calls of {platform.machine()} are not listed")
    instructions = _program(architecture)
    code = ctypes.create_string_buffer(b"".join(instructions))
    program = struct.pack("HxxxxxxQ", len(instructions), ctypes.addressof(code))
    _call(architecture.seccomp, "seccomp", SET_FILTER, ALL_THREADS, program)


def _program(architecture: Architecture) -> Sequence[bytes]:
    """The filter: calls that are allowed pass, threads may be made, all else is an error."""

    def step(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
        return struct.pack("=HBBI", code, if_so, if_not, value)

    def only(number: int, test: bytes) -> list[bytes]:
        """A call that passes where its first argument passes a test that skips the refusal."""
        refusal = [step(RETURN, REFUSE), step(RETURN, ALLOW)]
        return [step(EQUAL, number, 0, 4), step(LOAD, FIRST_ARGUMENT), test, *refusal]

    head = [step(LOAD, ARCHITECTURE), step(EQUAL, architecture.audit, 1, 0), step(RETURN, REFUSE), step(LOAD, NUMBER)]
    head += [step(AT_LEAST, 0x40000000, 0, 1), step(RETURN, REFUSE)]  # x86-64's other numbers for the same calls
    passing = [
        each for call in architecture.numbers(ALLOWED) for each in (step(EQUAL, call, 0, 1), step(RETURN, ALLOW))
    ]
    threads = only(architecture.clone, step(ANY_BIT, THREAD, 1, 0))
    names = only(architecture.prctl, step(EQUAL, SET_NAME, 1, 0))
    clone3 = [step(EQUAL, 435, 0, 1), step(RETURN, NO_SUCH_CALL)]  # its flags cannot be seen: libc then takes clone
    return [*head, *passing, *threads, *names, *clone3, step(RETURN, REFUSE)]
