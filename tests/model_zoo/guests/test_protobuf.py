from struct import pack

import pytest

from model_zoo.guests.protobuf import encoded, fields_of, floats, integers, messages, texts


def test_fields_are_read_as_they_lie_there():
    message = b"\x08\x96\x01" + encoded(2, b"text") + encoded(3, b"\x01\x02") + b"\x20" + b"\xff" * 9 + b"\x01"
    fields = fields_of(memoryview(message))
    assert integers(fields, 1) == [150] and texts(fields, 2) == ["text"]
    assert integers(fields, 3) == [1, 2]  # packed
    assert integers(fields, 4) == [-1]
    assert integers(fields, 9) == [] == texts(fields, 9)


def test_long_fields_and_floats():
    fields = fields_of(memoryview(encoded(1, bytes(300)) + encoded(2, pack("<2f", 0.5, -2)) + b"\x1d" + pack("<f", 3)))
    assert len(messages(fields, 1)[0]) == 300
    assert floats(fields, 2) == [0.5, -2] and floats(fields, 3) == [3]


@pytest.mark.parametrize("message", [b"\x08", b"\x0a\x05ab", b"\x0b", b"\x08" + b"\xff" * 11, b"\x0d\x00"])
def test_what_is_no_message_says_so(message):
    with pytest.raises(ValueError):
        fields_of(memoryview(message))


def test_a_number_is_no_message():
    with pytest.raises(ValueError, match="holds a number"):
        messages(fields_of(memoryview(b"\x08\x01")), 1)
