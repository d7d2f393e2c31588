"""What each variant says of each person, where a clip shows several."""

from html import escape

from explorer.images import thumbnail
from explorer.pages.components.verdict_marks import pill
from explorer.structures import Report
from model_zoo.variants import plain_name

THUMB_SIDE = 72  # pixels


def people_table(report: Report) -> str:
    """HTML of a table person x variant with a face of each; nothing of one person."""
    persons = sorted({face.person for face in report.faces})
    if len(persons) < 2:
        return ""
    heads = "".join(f'<th scope="col">{escape(plain_name(result.name))}</th>' for result in report.variants)
    rows = "".join(_row(report, person) for person in persons)
    note = "The numbers are those of the boxes in the annotated clip; in the curves each has a lane."
    return (
        f'<table class="people"><caption>Person by person</caption><thead><tr><th scope="col">person</th>{heads}</tr>'
        f'</thead><tbody>{rows}</tbody></table><p class="small">{note}</p>'
    )


def _row(report: Report, person: int) -> str:
    faces = [face for face in report.faces if face.person == person]
    crop = faces[len(faces) // 2].crop
    picture = f'<img src="{thumbnail(crop, THUMB_SIDE)}" alt="face of person {person}">' if crop.size else ""
    cells = []
    for result in report.variants:
        said = [who for who in result.people if who.person == person]
        cells.append(
            f'<td>{pill(said[0].verdict)} <span class="p">{said[0].p_fake:.2f}</span></td>' if said else "<td></td>"
        )
    seen = f"{len(faces)} face{'s' * (len(faces) != 1)}"
    return f'<tr><th scope="row">{picture}<span>person {person}<small>{seen}</small></span></th>{"".join(cells)}</tr>'
