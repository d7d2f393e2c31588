"""The published limits, one place; most can be set by an environment variable such as EXPLORER_MAX_BYTES."""

import os


def _limit(name: str, default: int) -> int:
    text = os.environ.get(f"EXPLORER_{name}", str(default))
    if not text.isdecimal():
        raise SystemExit(f"EXPLORER_{name} is {text!r}, which is no whole number; the default is {default}.")
    return int(text)


MAX_BYTES = _limit("MAX_BYTES", 50_000_000)
MAX_UPLOAD_BYTES = MAX_BYTES * 2**20 // 10**6  # Gradio counts in MiB, and so names the published number of MB
MAX_REQUEST_BYTES = _limit("MAX_REQUEST_BYTES", 1_000_000)  # of a request that carries no upload
MIN_FREE_DISK_BYTES = _limit("MIN_FREE_DISK_BYTES", 1_000_000_000)  # that uploads leave free
MIN_FREE_FILES = _limit(
    "MIN_FREE_FILES", 10_000
)  # that a disk can still hold, or a twentieth of all where those are less
MAX_FILES_AT_ONCE = _limit("MAX_FILES_AT_ONCE", 64)  # in one upload, and in one batch
MAX_TOGETHER_BYTES = _limit("MAX_TOGETHER_BYTES", 500_000_000)  # of the files of one upload
MAX_FIELDS_AT_ONCE = 8  # in one upload, beside its files
MAX_BATCHES = 4  # that are judged at a time, clip by clip in turn
MAX_KEPT_FILES = _limit("MAX_KEPT_FILES", 50_000)  # uploads that are not deleted yet
MAX_FIELD_BYTES = 65_536  # of all that an upload holds beside its files
MAX_BODIES_BYTES = _limit("MAX_BODIES_BYTES", 64_000_000)  # of all requests that are being received, uploads aside
MAX_IDENTIFIER_CHARACTERS = 64  # of a session, an event or an upload
MAX_SECONDS = _limit("MAX_SECONDS", 120)
MAX_PIXELS = _limit("MAX_PIXELS", 3840 * 2160)  # width x height of one frame
MAX_IMAGE_PIXELS = _limit("MAX_IMAGE_PIXELS", 50_000_000)  # of a picture, which is scaled down to the above
MAX_CLIP_FRAMES = _limit("MAX_CLIP_FRAMES", 120 * 120)  # that a clip may hold: two minutes at 120 a second
MAX_STREAMS = _limit("MAX_STREAMS", 8)  # pictures, sounds and subtitles of one file
MAX_FRAMES = _limit("MAX_FRAMES", 300)  # frames analysed
MAX_RACE_FRAMES = _limit("MAX_RACE_FRAMES", 32)  # frames over which the finders race
MAX_VARIANTS_NAMED = 64  # in one call
MAX_NAME_CHARACTERS = 64  # of a variant, finder, engine or method that a client names
MAX_JOB_SECONDS = _limit("MAX_JOB_SECONDS", 60)  # of one job, by the clock
MAX_DRAWING_SECONDS = _limit("MAX_DRAWING_SECONDS", 120)  # of drawing the clips of a finished job
MAX_PROBE_SECONDS = _limit("MAX_PROBE_SECONDS", 10)  # after which a clip that is still being probed is given up
MAX_ORIGIN_SECONDS = _limit("MAX_ORIGIN_SECONDS", 5)  # for a clip's credentials and container to be read
MAX_DECODER_BYTES = _limit("MAX_DECODER_BYTES", 1 << 30)  # address space of the process that decodes a clip
MAX_FETCH_SECONDS = _limit("MAX_FETCH_SECONDS", 20)  # for a clip that is named by URL to arrive
MAX_REDIRECTS = _limit("MAX_REDIRECTS", 3)  # on the way to such a clip
MAX_GUEST_BYTES = _limit("MAX_GUEST_BYTES", 500_000_000)  # of a guest's files
MAX_KEPT_BYTES = _limit("MAX_KEPT_BYTES", 512_000_000)  # of memory for all that is kept for visitors
MAX_UNREAD_SECONDS = _limit("MAX_UNREAD_SECONDS", 60)  # after which messages go that nobody reads
MAX_RESULT_BYTES = _limit("MAX_RESULT_BYTES", 8_000_000)  # of a result that is opened again, unpacked
MAX_ARGUMENT_BYTES = 2_000_000  # of memory that the arguments of a call take while it waits
MAX_SESSIONS = _limit("MAX_SESSIONS", 100)  # visitors and callers of whom the server keeps the last result in memory
MAX_QUEUE = _limit("MAX_QUEUE", 20)  # jobs waiting; one more is told to come back
MAX_CONNECTIONS = _limit("MAX_CONNECTIONS", 512)  # open at once; idle ones make room for new ones
MAX_DESCRIPTORS = 65_536  # files and connections of the process, where the system allows so many
SPARE_DESCRIPTORS = 256  # of those, left to the work itself
MAX_HEAD_SECONDS = _limit("MAX_HEAD_SECONDS", 20)  # for the head of a request to arrive
MAX_STALL_SECONDS = _limit("MAX_STALL_SECONDS", 30)  # that a body or an answer may lag behind the rate below
MIN_BYTES_PER_SECOND = _limit("MIN_BYTES_PER_SECOND", 16_000)  # at which bodies come and answers are taken
MAX_LOG_BYTES = _limit("MAX_LOG_BYTES", 200_000)  # printed in a minute
KEPT_SECONDS = _limit("KEPT_SECONDS", 5400)  # uploads and results, after which they are deleted
SWEEP_SECONDS = _limit("SWEEP_SECONDS", 1800)  # between two looks for what is to be deleted
DEFAULT_FRAMES = 32


def describe() -> str:
    """The limits as one sentence for people."""
    return (
        f"Clips up to {MAX_BYTES / 1e6:.0f} MB, {MAX_SECONDS} s, {MAX_PIXELS / 1e6:.1f} megapixels a frame, "
        f"{MAX_CLIP_FRAMES:,} frames and {MAX_STREAMS} streams; pictures up to "
        f"{MAX_IMAGE_PIXELS / 1e6:.0f} megapixels; 1 to {MAX_FRAMES} frames analysed, "
        f"{MAX_JOB_SECONDS} s a job. {MAX_QUEUE} jobs may wait; one more is asked to try again."
    )
