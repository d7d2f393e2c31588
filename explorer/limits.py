"""The published limits, one place; each can be set by an environment variable of its name, EXPLORER_MAX_..."""

import os


def _limit(name: str, default: int) -> int:
    return int(os.environ.get(f"EXPLORER_{name}", default))


MAX_BYTES = _limit("MAX_BYTES", 50_000_000)
MAX_SECONDS = _limit("MAX_SECONDS", 120)
MAX_PIXELS = _limit("MAX_PIXELS", 3840 * 2160)  # width x height of one frame
MAX_FRAMES = _limit("MAX_FRAMES", 300)  # frames analysed
MAX_QUEUE = _limit("MAX_QUEUE", 20)  # jobs waiting; one more is told to come back
DEFAULT_FRAMES = 32


def describe() -> str:
    """The limits as one sentence for people."""
    return (
        f"Clips up to {MAX_BYTES / 1e6:.0f} MB, {MAX_SECONDS} s and {MAX_PIXELS / 1e6:.1f} megapixels a frame; "
        f"1 to {MAX_FRAMES} frames analysed."
    )
