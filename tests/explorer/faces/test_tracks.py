import numpy as np

from explorer.faces.tracks import MAX_PEOPLE, faces_per_person, follow
from explorer.structures import Face


def pattern(who: int) -> np.ndarray:
    """(224, 224, 3): one brightens to the right, two downwards, three to the left."""
    ramp = np.tile(np.linspace(0, 255, 224).astype(np.uint8), (224, 1))
    return np.repeat(np.rot90(ramp, 1 - who)[..., None], 3, axis=2)


def face(time_s: float, x: float, who: int) -> Face:
    return Face(time_s, np.array([x, 0, x + 50, 60], np.float32), pattern(who))


def persons(frames) -> list[tuple[float, int]]:
    return [(face.time_s, face.person) for face in follow(frames)]


def test_two_people_keep_their_numbers_in_whatever_order_they_are_found():
    frames = [[face(0.0, 0, 1), face(0.0, 300, 2)], [face(0.3, 305, 2), face(0.3, 5, 1)], [face(0.6, 10, 1)]]
    assert persons(frames) == [(0.0, 1), (0.0, 2), (0.3, 1), (0.3, 2), (0.6, 1)]
    assert faces_per_person(follow(frames)) == {1: 3, 2: 2}


def test_another_face_in_the_same_place_is_another_person():
    frames = [[face(0.1 * i, 0, 1 if i < 3 else 3)] for i in range(5)]
    assert [person for _, person in persons(frames)] == [1, 1, 1, 2, 2]


def test_a_face_does_not_leap():
    assert [person for _, person in persons([[face(0.0, 0, 1)], [face(0.1, 200, 1)]])] == [1, 2]


def test_a_face_may_be_out_of_sight_for_a_while():
    assert [person for _, person in persons([[face(0.0, 0, 1)], [], [face(1.9, 0, 1)]])] == [1, 1]
    assert [person for _, person in persons([[face(0.0, 0, 1)], [], [face(2.1, 0, 1)]])] == [1, 2]


def test_single_false_finds_are_dropped_from_a_long_clip():
    frames = [[face(0.1 * i, 0, 1)] for i in range(20)]
    frames[7].append(face(0.7, 500, 3))
    assert faces_per_person(follow(frames)) == {1: 20}


def test_no_more_than_so_many_people():
    crowd = [[face(0.1 * i, 200 * who, who) for who in range(MAX_PEOPLE + 3)] for i in range(3)]
    assert faces_per_person(follow(crowd)) == dict.fromkeys(range(1, MAX_PEOPLE + 1), 3)


def test_nobody():
    assert follow([[], []]) == ()
    assert follow([]) == ()
