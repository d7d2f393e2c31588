"""What a client asks for by API, checked for its kind before any work starts."""

from explorer.errors import InvalidRequest, UnknownOption
from explorer.limits import MAX_NAME_CHARACTERS, MAX_VARIANTS_NAMED

MAX_NUMBER = 10**12  # beyond that a number is no count of anything


def whole(value: object, what: str = "frames") -> int:
    """A whole number. Raises InvalidRequest for text, booleans, fractions, what is not finite, or is absurdly large."""
    if (
        not isinstance(value, int | float)
        or isinstance(value, bool)
        or not abs(value) <= MAX_NUMBER
        or value != int(value)
    ):
        raise InvalidRequest(f"{what} takes a whole number such as 32")
    return int(value)


def name(value: object, what: str) -> str:
    """A name, known or not. Raises InvalidRequest for anything that is no short text."""
    if not isinstance(value, str) or len(value) > MAX_NAME_CHARACTERS:
        raise InvalidRequest(f"{what} takes a name of at most {MAX_NAME_CHARACTERS} characters")
    return value


def variant_names(value: object) -> list[str] | None:
    """The variants asked for, None for all of them. Raises InvalidRequest for anything but a list of names."""
    if value is None:
        return None
    if (
        not isinstance(value, list)
        or not 0 < len(value) <= MAX_VARIANTS_NAMED
        or not all(isinstance(each, str) and len(each) <= MAX_NAME_CHARACTERS for each in value)
    ):
        raise InvalidRequest('variants takes a list of names such as ["b0", "lite0"]; leave it out for all')
    return value


def one_of(value: object, offers: tuple[str, ...], what: str) -> str:
    """One of the names on offer. Raises UnknownOption, listing them, or InvalidRequest."""
    choice = name(value, what)
    if choice not in offers:
        raise UnknownOption(f"no {what} named {choice!r}; choose one of {', '.join(offers)}")
    return choice
