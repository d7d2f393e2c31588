"""Child processes that end with this one, however it ends."""

import fcntl
import os
import select
import signal
import subprocess
import weakref
from collections.abc import Iterable, Mapping, Sequence

LIFELINE = "EXPLORER_LIFELINE"  # tells a child which of its files is the end of a pipe that only its parent holds open


def start(
    words: Sequence[str], environment: Mapping[str, str] | None = None, pass_fds: Iterable[int] = (), **settings: object
) -> subprocess.Popen:
    """A process that runs `words`, which begin with `end_with_parent`: it is killed when this process is gone.

    The kernel's own PR_SET_PDEATHSIG would kill it when the thread that started it is gone, and jobs come and go in
    threads. Raises OSError.
    """
    lifeline, held = os.pipe()
    try:
        environment = {**(os.environ if environment is None else environment), LIFELINE: str(lifeline)}
        process = subprocess.Popen(words, env=environment, pass_fds=(*pass_fds, lifeline), **settings)  # type: ignore[call-overload]
    except BaseException:
        os.close(held)
        raise
    finally:
        os.close(lifeline)
    weakref.finalize(process, os.close, held)
    return process


def run(words: Sequence[str], seconds: float, **settings: object) -> None:
    """Run a child to its end. Raises subprocess.TimeoutExpired, or CalledProcessError where it fails."""
    process = start(words, **settings)  # type: ignore[arg-type]
    try:
        status = process.wait(seconds)
    finally:
        process.kill()
        process.wait()
    if status:
        raise subprocess.CalledProcessError(status, words)


def end_with_parent() -> None:
    """Have the kernel kill this process when its parent is gone, whatever it does by then."""
    lifeline = int(os.environ.get(LIFELINE, -1))
    if lifeline < 0:
        return  # started by hand
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    if hasattr(fcntl, "F_SETSIG"):  # else SIGIO comes, which ends a process, too
        fcntl.fcntl(lifeline, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([lifeline], [], [], 0)[0]:
        os._exit(1)  # it was gone before
