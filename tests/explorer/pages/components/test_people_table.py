"""Person x variant."""

from explorer.pages.components.kept import kept
from explorer.pages.components.people_table import people_table
from explorer.structures import PersonScore
from tests.support.html import Reader, pictures, text
from tests.support.reports import face, judged, report

PEOPLE = PersonScore(2, 2, 0.9, "fake"), PersonScore(1, 1, 0.1, "real")
TWO = report([face(0.0, 1, level=40), face(0.0, 2, level=200), face(0.5, 2, level=200)], [judged("b0", people=PEOPLE)])


def test_a_verdict_for_each_person_with_a_face():
    page = people_table(TWO)
    assert "person 1 1 face ▼ real 0.10 person 2 2 faces ▲ fake 0.90" in text(page)
    levels = {alt: round(float(image.mean())) for alt, image in pictures(page).items()}
    assert levels == {"face of person 1": 40, "face of person 2": 200}
    assert Reader(page).open == []


def test_without_crops_there_are_no_pictures():
    page = people_table(kept(TWO).report)
    assert text(page) == text(people_table(TWO)) and not pictures(page)


def test_one_person_needs_no_table():
    assert people_table(report([face()], [judged("b0")])) == ""
