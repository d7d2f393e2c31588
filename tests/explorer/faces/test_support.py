import numpy as np

from explorer.faces.support import MAX_PEOPLE, supported
from explorer.structures import Face

BOX, CROP = np.array([0, 0, 50, 60], np.float32), np.zeros((8, 8, 3), np.uint8)


def seen(person: int, times, log_odds: float = 6.0) -> list[Face]:
    """A person's faces, whose contexts say how much they look like faces."""
    return [Face(float(t), BOX, CROP, person, context=np.full((1, 1, 1), log_odds)) for t in times]


def examine(contexts) -> np.ndarray:
    return np.array([context[0, 0, 0] for context in contexts])


def cast(*people: list[Face], samples: int = 10):
    faces = sorted((face for person in people for face in person), key=lambda face: (face.time_s, face.person))
    return supported(faces, np.arange(samples) * 1.0, examine)


def test_all_faces_of_a_person_are_kept_in_their_order():
    found = cast(seen(1, range(10)), seen(2, range(3, 6)))
    assert [(face.time_s, face.person) for face in found.faces if face.time_s in (2, 3)] == [(2, 1), (3, 1), (3, 2)]
    assert len(found.faces) == 13 and found.not_judged == found.too_many == ""


def test_one_face_in_one_frame_decides_nothing():
    found = cast(seen(1, [3], 9.0))
    assert found.faces == () and found.not_judged == "something like a face at 3.0 s was not judged"


def test_what_does_not_look_like_a_face_is_not_judged_and_the_others_are_numbered_anew():
    found = cast(seen(1, range(10), 0.5), seen(2, range(5)))
    assert {face.person for face in found.faces} == {1} and len(found.faces) == 5
    assert found.not_judged == "something like a face at 0.0 s, 1.0 s, 2.0 s and at 7 other times was not judged"


def test_bad_moments_do_not_undo_a_person():
    assert len(cast(seen(1, range(8)) + seen(1, [8, 9], -5.0)).faces) == 10


def test_who_is_seldom_seen_must_look_it_more():
    assert cast(seen(1, [0, 9], 2.5)).faces == ()
    assert len(cast(seen(1, [0, 1], 2.5)).faces) == len(cast(seen(1, [0, 9], 5.0)).faces) == 2


def test_of_a_single_frame_the_look_alone_decides():
    assert len(cast(seen(1, [0], 3.0), samples=1).faces) == 1
    assert cast(seen(1, [0], 1.0), samples=1).faces == ()


def test_so_many_people_and_no_more_which_is_said():
    found = cast(*(seen(person, range(3)) for person in range(1, MAX_PEOPLE + 3)))
    assert {face.person for face in found.faces} == set(range(1, MAX_PEOPLE + 1))
    assert found.too_many == "34 people are in the clip; the 32 seen most were judged"
    assert cast(*(seen(person, range(3)) for person in range(1, MAX_PEOPLE + 1))).too_many == ""


def test_without_a_second_look_all_that_was_found_is_a_face():
    assert len(supported(seen(1, range(3), -9.0), np.arange(3.0), None).faces) == 3


def test_nobody():
    assert cast().faces == () and supported((), (), examine).not_judged == ""


def test_faces_upside_down_are_not_judged_and_it_is_said_what_to_do():
    head_down = [
        Face(float(t), BOX, CROP, 1, context=np.array([-3.0, 0, 7.0]).reshape(3, 1, 1)) for t in range(2)
    ]  # examine looks at the first row, which is the last one once it is turned
    found = cast(head_down, samples=2)
    assert found.faces == ()
    words = "a face upside down at 0.0 s, 1.0 s was not judged: turn the clip the right way up"
    assert found.not_judged == words
    both = cast(head_down, seen(2, [0], 9.0), samples=2)
    assert both.not_judged == f"{words}; something like a face at 0.0 s was not judged"
