"""Which faces a visitor's choice stands for."""

import pytest

from explorer.pages.components.choices import DISPUTED, EVERYONE, SPREAD, chosen_faces, number_of, people_of
from tests.support.reports import face, judged, report

FACES = [face(0.5 * i, person=1 + i % 2) for i in range(10)]  # of persons 1 and 2 by turns
OPINIONS = [judged("b0", [0.0] * 10), judged("lite0", [0.1 * i for i in range(10)])]  # more apart from face to face
REPORT = report(FACES, OPINIONS, frames=10)


def test_the_people_of_a_report_come_after_everyone():
    assert people_of(REPORT) == ["everyone", "person 1", "person 2"]
    assert people_of(report()) == ["everyone"]


def test_a_persons_number():
    assert (number_of(EVERYONE), number_of("person 12")) == (None, 12)


@pytest.mark.parametrize(
    ("which", "person", "faces"),
    [
        (SPREAD, EVERYONE, [0, 1, 3, 4, 5, 6, 8, 9]),  # eight of ten: every 9/7th
        (SPREAD, "person 2", [1, 3, 5, 7, 9]),
        (DISPUTED, EVERYONE, [9, 8, 7, 6, 5, 4, 3, 2]),
        (DISPUTED, "person 1", [8, 6, 4, 2, 0]),
    ],
)
def test_up_to_eight_faces_are_chosen(which, person, faces):
    assert chosen_faces(REPORT, which, person).tolist() == faces
