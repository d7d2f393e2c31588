import numpy as np

from explorer.faces.close_ups import missed, with_margins

IMAGE = np.zeros((60, 90, 3), np.uint8)  # a margin of 30 pixels


def finder(*boxes):
    return lambda images: [np.array(boxes, np.float32).reshape(-1, 4) for _ in images]


def looked_again(first, again=()):
    return with_margins(finder(*first), finder(*again))([IMAGE])[0].tolist()


def test_a_large_face_that_leaves_the_picture_is_found_again():
    assert looked_again([(10, 20, 60, 70)], [(35, 40, 85, 110)]) == [[5, 10, 55, 80]]


def test_where_nothing_is_found_again_the_first_box_stays():
    assert looked_again([(10, 20, 60, 70)]) == [[10, 20, 60, 70]]


def test_others_are_looked_at_once():
    for box in ((10, 5, 60, 55), (70, 40, 95, 65)):  # inside; small
        assert looked_again([box], [(0, 0, 9, 9)]) == [list(box)]
    assert looked_again([], [(0, 0, 9, 9)]) == []


def test_a_face_that_was_missed_is_looked_for_where_that_is_wanted():
    find, again = finder(), finder((35, 40, 85, 110))
    assert with_margins(find, again, missed)([IMAGE])[0].tolist() == [[5, 10, 55, 80]]
    assert with_margins(find, again)([IMAGE])[0].tolist() == []
    assert with_margins(finder((10, 20, 60, 70)), again, missed)([IMAGE])[0].tolist() == [[10, 20, 60, 70]]


def test_it_is_looked_at_with_room_about_it():
    sizes = []

    def find_again(images):
        sizes.extend(image.shape for image in images)
        return [np.empty((0, 4), np.float32)]

    with_margins(finder((10, 20, 60, 70)), find_again)([IMAGE])
    assert sizes == [(120, 150, 3)]
