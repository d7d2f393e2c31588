import numpy as np

from explorer.faces.appearance import scene_of
from explorer.faces.tracks import faces_per_person, follow
from explorer.structures import Face, SampledFrame

ROOM, STREET = np.full((90, 160, 3), 60, np.uint8), np.full((90, 160, 3), 200, np.uint8)


def pattern(who: int) -> np.ndarray:
    """(224, 224, 3): one brightens to the right, two downwards, three to the left."""
    ramp = np.tile(np.linspace(0, 255, 224).astype(np.uint8), (224, 1))
    return np.repeat(np.rot90(ramp, 1 - who)[..., None], 3, axis=2)


def tinted(brightness: float) -> np.ndarray:
    """An evenly grey face."""
    return np.full((224, 224, 3), brightness, np.uint8)


def face(x: float, crop: np.ndarray) -> Face:
    return Face(0.0, np.array([x, 0, x + 50, 60], np.float32), crop)


def frames(*faces_of_each: list[Face], every_s: float = 0.1, scenes: list[np.ndarray] | None = None):
    scenes = scenes or [ROOM] * len(faces_of_each)
    return [
        SampledFrame(i * every_s, scene_of(scene), tuple(Face(i * every_s, f.box, f.crop) for f in faces))
        for i, (faces, scene) in enumerate(zip(faces_of_each, scenes, strict=True))
    ]


def persons(sampled) -> list[int]:
    return [face.person for face in follow(sampled)]


def test_two_people_keep_their_numbers_in_whatever_order_they_are_found():
    one, two = pattern(1), pattern(2)
    sampled = frames([face(0, one), face(300, two)], [face(305, two), face(5, one)], [face(10, one)])
    assert persons(sampled) == [1, 2, 1, 2, 1]
    assert faces_per_person(follow(sampled)) == {1: 3, 2: 2}


def test_another_face_in_the_same_place_is_another_person():
    assert persons(frames(*([face(0, pattern(1 if i < 3 else 3))] for i in range(5)))) == [1, 1, 1, 2, 2]


def test_one_person_however_far_samples_are_apart_and_wherever_the_face_is():
    places = [0, 200, 400, 90, 310, 20, 250]
    assert persons(frames(*([face(x, pattern(1))] for x in places), every_s=12.5)) == [1] * 7


def test_who_comes_back_is_known_again():
    here, there = [face(0, pattern(1))], [face(30, pattern(2))]
    scenes = [ROOM, ROOM, STREET, STREET, ROOM, STREET]
    assert persons(frames(here, here, there, there, here, there, scenes=scenes)) == [1, 1, 2, 2, 1, 2]


def test_nobody_is_seen_twice_in_one_frame():
    twins = [face(0, pattern(1)), face(300, pattern(1))]
    assert persons(frames(twins, twins, twins)) == [1, 2] * 3


def test_people_who_look_the_same_are_told_apart_by_their_places():
    crowd = [face(120 * who, pattern(1)) for who in range(8)]
    shuffled = [crowd[i] for i in (3, 1, 7, 0, 2, 6, 4, 5)]
    found = follow(frames(crowd, shuffled, crowd, every_s=3.0))
    places = {person: {float(f.box[0]) for f in found if f.person == person} for person in range(1, 9)}
    assert all(len(each) == 1 for each in places.values()) and len(set.union(*places.values())) == 8


def test_more_light_in_the_same_shot_and_place_is_forgiven_but_not_in_another():
    # 50 more are 20 units of L*, 11 in the root mean square of three channels: over SAME_PERSON
    assert persons(frames([face(0, tinted(100))], [face(0, tinted(150))])) == [1, 1]
    assert persons(frames([face(0, tinted(100))], [face(0, tinted(150))], scenes=[ROOM, STREET])) == [1, 2]


def test_every_face_counts():
    lone = frames(*([face(0, pattern(1))] + ([face(500, pattern(3))] if i == 7 else []) for i in range(20)))
    assert faces_per_person(follow(lone)) == {1: 20, 2: 1}


def test_nobody():
    assert follow(frames([], [])) == ()
    assert follow([]) == ()
