"""The system calls that decoding needs, and their numbers."""

from collections.abc import Iterable
from dataclasses import dataclass

# Name -> number on x86-64 and on 64-bit ARM; None: there is none (arch/x86/entry/syscalls/syscall_64.tbl, unistd.h).
ALLOWED: dict[str, tuple[int | None, int | None]] = {
    # files and pipes that are open, and the opening of files, which landlock limits
    **{"read": (0, 63), "write": (1, 64), "close": (3, 57), "lseek": (8, 62), "pread64": (17, 67)},
    **{"readv": (19, 65), "writev": (20, 66), "fcntl": (72, 25), "fadvise64": (221, 223)},
    **{"open": (2, None), "openat": (257, 56), "stat": (4, None), "fstat": (5, 80), "lstat": (6, None)},
    **{"newfstatat": (262, 79), "statx": (332, 291), "access": (21, None), "faccessat": (269, 48)},
    **{"faccessat2": (439, 439), "readlink": (89, None), "readlinkat": (267, 78), "getcwd": (79, 17)},
    **{"poll": (7, None), "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72)},
    # memory
    **{"mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215), "brk": (12, 214), "mremap": (25, 216)},
    **{"madvise": (28, 233)},
    # threads, and what they wait with
    **{"futex": (202, 98), "futex_waitv": (449, 449), "futex_wake": (454, 454), "futex_wait": (455, 455)},
    **{"set_robust_list": (273, 99), "rseq": (334, 293), "membarrier": (324, 283), "sched_yield": (24, 124)},
    **{"sched_getaffinity": (204, 123), "gettid": (186, 178), "exit": (60, 93), "exit_group": (231, 94)},
    **{"rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139)},
    **{"sigaltstack": (131, 132), "restart_syscall": (219, 128)},
    # clocks, and what this process is
    **{"clock_gettime": (228, 113), "clock_getres": (229, 114), "clock_nanosleep": (230, 115)},
    **{"nanosleep": (35, 101), "gettimeofday": (96, 169), "getrandom": (318, 278), "getrusage": (98, 165)},
    **{"getpid": (39, 172), "getuid": (102, 174), "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177)},
    **{"uname": (63, 160), "sysinfo": (99, 179)},
}


@dataclass(frozen=True)
class Architecture:
    """`column` of ALLOWED, how the kernel calls it (linux/audit.h), and the numbers of calls that are looked at."""

    column: int
    audit: int
    seccomp: int
    clone: int
    prctl: int

    def numbers(self, calls: dict[str, tuple[int | None, int | None]]) -> Iterable[int]:
        return [number for row in calls.values() if (number := row[self.column]) is not None]


ARCHITECTURES = {
    "x86_64": Architecture(0, 0xC000003E, 317, 56, 157),
    "aarch64": Architecture(1, 0xC00000B7, 277, 220, 167),
}
