"""Protobuf's wire format, as far as reading a message takes: fields by number, values as they lie in the file."""

from struct import unpack

Fields = dict[int, list[int | memoryview]]


def fields_of(message: memoryview) -> Fields:
    """Each field's values in their order: whole numbers, or the bytes of texts, messages and fixed-size numbers.

    Raises ValueError where that is no message.
    """
    fields: Fields = {}
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        value: int | memoryview
        match key & 7:
            case 0:
                value, at = _varint(message, at)
            case 2:
                size, at = _varint(message, at)
                value, at = _slice(message, at, size)
            case 1:
                value, at = _slice(message, at, 8)
            case 5:
                value, at = _slice(message, at, 4)
            case other:
                raise ValueError(f"wire type {other} at byte {at}")
        fields.setdefault(key >> 3, []).append(value)
    return fields


def texts(fields: Fields, number: int) -> list[str]:
    """A field's values as texts. Raises ValueError."""
    return [bytes(value).decode("utf-8") for value in messages(fields, number)]


def messages(fields: Fields, number: int) -> list[memoryview]:
    """A field's values as bytes. Raises ValueError where one is a number."""
    values = [value for value in fields.get(number, ()) if isinstance(value, memoryview)]
    if len(values) != len(fields.get(number, ())):
        raise ValueError(f"field {number} holds a number, not bytes")
    return values


def integers(fields: Fields, number: int) -> list[int]:
    """A field's values as signed whole numbers, packed or not. Raises ValueError."""
    values: list[int] = []
    for value in fields.get(number, ()):
        if isinstance(value, int):
            values.append(_signed(value))
            continue
        at = 0
        while at < len(value):
            number_at, at = _varint(value, at)
            values.append(_signed(number_at))
    return values


def floats(fields: Fields, number: int) -> list[float]:
    """A field's values as float32, packed or not. Raises ValueError."""
    packed = b"".join(bytes(value) for value in messages(fields, number))
    if len(packed) % 4:
        raise ValueError(f"field {number} holds no float32 numbers")
    return list(unpack(f"<{len(packed) // 4}f", packed))


def encoded(number: int, content: bytes) -> bytes:
    """A field of bytes, as it stands in a message."""
    return _as_varint(number << 3 | 2) + _as_varint(len(content)) + content


def _as_varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise ValueError("it ends in the middle of a number")
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise ValueError(f"a number of more than ten bytes before byte {at}")


def _slice(message: memoryview, at: int, size: int) -> tuple[memoryview, int]:
    if at + size > len(message):
        raise ValueError(f"a field of {size} bytes at byte {at} reaches beyond the end")
    return message[at : at + size], at + size


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value
