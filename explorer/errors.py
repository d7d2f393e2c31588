"""What a clip or a request can do wrong, each one clear sentence for the user."""


class ExplorerError(Exception):
    """Shown to the user as it is; a bug never derives from this."""


class UnreadableClip(ExplorerError):
    """The file is no video that can be decoded."""


class ClipTooLarge(ExplorerError):
    """The clip is over a published limit."""


class NoFaceFound(ExplorerError):
    """No sampled frame shows a face."""


class UnknownOption(ExplorerError):
    """A finder, engine, method or layer that does not exist, or is not installed."""


class InvalidRequest(ExplorerError):
    """What is asked for cannot be done: no clip, an argument of the wrong kind or out of range, too few faces."""


class TookTooLong(ExplorerError):
    """The job did not end within the published time."""
