"""A report as one page in plain language, to read or print without the app."""

from collections import Counter
from collections.abc import Iterable
from html import escape

from explorer.verdicts import FAKE, MIN_SCREEN_SHARE, NO_FACE, REAL, UNCERTAIN
from model_zoo.zoo import BUNDLED

_SIGNS = {FAKE: "&#9650; fake", UNCERTAIN: "? uncertain", REAL: "&#9660; real", NO_FACE: "no face"}
_WIDTH, _HEIGHT, _LEFT, _TOP = 640, 170, 84, 14  # of a chart's field, and its margins, in pixels

_STYLE = """
@page { margin: 16mm; }
:root { color-scheme: light; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; background: #fff;
       font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1, p, li { overflow-wrap: anywhere; } h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .8rem; }
h2 { font-size: 1.1rem; margin: 1.8rem 0 .4rem; break-after: avoid; }
.verdicts { font-size: 1.15rem; margin: 0 0 .6rem; } .verdicts b { white-space: nowrap; margin-left: .6rem; }
.caution { border-left: 4px solid #D55E00; padding: .4rem .8rem; margin: 0; background: #fdf5ef; }
.wide { overflow-x: auto; } td { white-space: nowrap; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #d9dee5; vertical-align: top; }
tr, figure, .caution { break-inside: avoid; }
.fake { color: #a84300; } .real { color: #005a8c; } .uncertain { color: #6b5500; } .fake, .real { font-weight: 600; }
.swatch { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin-right: .5em; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 0 1rem; }
figure { margin: .4rem 0; } figcaption, .small { font-size: .85rem; color: #4b5563; } svg { width: 100%; }
svg text { font-size: 13px; fill: #4b5563; } dt { font-weight: 600; } dd { margin: 0 0 .5rem; }
figure:not(:only-child) text { font-size: 24px; }
"""

_CAUTION = (
    "These are statistical opinions of small neural networks about the pixels of faces. They are no proof in either "
    "direction. Never rest an accusation, or an all-clear, on this page alone."
)
_WORDS = f"""<h2>What the words mean</h2><dl>
<dt>p_fake</dt><dd>How much a face looks like a forgery to a detector, from 0 (real) to 1 (fake). A person's is the mean
over that person's faces in the sampled frames. The clip's is that of the most suspicious person seen in
{MIN_SCREEN_SHARE:.0%} or more of the frames with faces, or the mean over all faces where nobody is. It is not the
probability that the clip is fake.</dd>
<dt>threshold</dt><dd>Each detector's own border between real and fake, set on other material before it saw this
clip.</dd>
<dt>fake, real</dt><dd>p_fake lies above or below the threshold, outside of the uncertain band.</dd>
<dt>uncertain</dt><dd>p_fake lies inside of the detector's own band about the threshold, where it was too often wrong on
clips that were measured beforehand: too close to call. Read it as no answer, not as half a fake.</dd>
<dt>no face</dt><dd>No sampled frame showed a face that the software could find. Nothing was judged: it means neither
real nor fake.</dd>
<dt>people</dt><dd>Faces followed from one sampled frame to the next, numbered from 1. Whoever comes back after a cut
counts as someone new.</dd></dl>"""
_LIMITS = """<h2>What this can tell you, and what it cannot</h2><ul>
<li>It can tell whether the faces resemble the forgeries that the detectors learned from, when in the clip, and (in the
heatmaps) where on the face: red speaks for fake, blue for real.</li>
<li>It cannot tell who made the clip, when or why, nor whether the voice, the words, the place or the caption are
genuine. Only faces were looked at, only in the sampled frames, and only those that were found.</li>
<li>It can be wrong both ways. Compression, small or blurred faces, filters and make-up mislead it; a kind of forgery
that is newer than its training may look real to it.</li>
<li>Detectors that agree are not independent witnesses: they were trained on the same material, and some are smaller
copies of another.</li>
<li>What to do next: look for the original and its source, ask whoever is shown, and ask a forensic expert, who will
want the clip itself as you got it.</li></ul>"""
_FILES = """<h2>What lies beside this page</h2><ul class="small">
<li><b>report.json</b>: every figure, for software. <b>frames.csv</b>: a row per face, for a spreadsheet.</li>
<li>Where a face was found, <b>heatmaps/</b>: where each detector looked, on up to eight faces; and, if they were made,
<b>annotated.mp4</b>, the clip with the faces boxed, and <b>mosaic.mp4</b>, the heatmaps in motion.</li></ul>"""


def as_html(content: dict[str, object], colours: dict[str, str]) -> str:
    """The page for as_json's content: self-contained, without scripts, printable, whatever the clip is called.

    `colours` maps a variant's name to "#rrggbb".
    """
    content = _escaped(content)  # all of it, once, at the door: no sentence below can forget to
    name = content["clip"]["name"]
    parts = [_verdicts(content["variants"]), f'<p class="caution">{_CAUTION}</p>', _problems(content), _clip(content)]
    if content["variants"]:
        parts.append(_detectors(content, colours))
        if content["clip"]["faces_found"]:
            parts += [_charts(content, colours), _people(content), _costs(content)]
    parts += [_WORDS, _LIMITS, _zoo(content), _FILES]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">"""
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Deepfake check of {name}</title><style>{_STYLE}</style></head>\n"
        f"<body><h1>Deepfake check of <bdi>{name}</bdi></h1>\n{chr(10).join(parts)}\n</body></html>\n"
    )


def _escaped(value: object) -> object:
    """Every string inside, made safe for text and attributes."""
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, dict):
        return {key: _escaped(inner) for key, inner in value.items()}
    return [_escaped(inner) for inner in value] if isinstance(value, list) else value


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    title = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    body = f"<thead><tr>{title}</tr></thead><tbody><tr>{'</tr><tr>'.join(lines)}</tr></tbody>"
    return f'<div class="wide"><table>{body}</table></div>'


def _some(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def _verdicts(variants: list[dict]) -> str:
    """How many detectors say what."""
    if not variants:
        return '<p class="verdicts">No detector could run: there is no verdict.</p>'
    count = Counter(row["verdict"] for row in variants)
    if set(count) == {NO_FACE}:
        return '<p class="verdicts">No face was found: there is no verdict, neither real nor fake.</p>'
    said = [f'<b class="{verdict}">{_SIGNS[verdict]}: {count[verdict]}</b>' for verdict in _SIGNS if count[verdict]]
    return f'<p class="verdicts">{_some(len(variants), "detector")} looked at it: {" ".join(said)}</p>'


def _problems(content: dict) -> str:
    said = [f"{row['variant']}: {row['message']}" if row["variant"] else row["message"] for row in content["errors"]]
    return f"<h2>What did not work</h2><ul><li>{'</li><li>'.join(said)}</li></ul>" if said else ""


def _clip(content: dict) -> str:
    clip = content["clip"]
    faces = f"{_some(clip['faces_found'], 'face')} of {_some(clip['people'], 'person', 'people')}"
    frames = _some(clip["frames_sampled"], "frame")
    return (
        f"<h2>The clip</h2><p><bdi>{clip['name']}</bdi>: {clip['duration_s']:.1f} seconds, "
        f"{clip['width']} &times; {clip['height']} pixels, {clip['fps']:.2f} frames a second. "
        f"Looked at: {faces} in {frames}, sampled evenly over the clip.</p>"
    )


def _detectors(content: dict, colours: dict[str, str]) -> str:
    def cells(row: dict) -> list[str]:
        swatch = f'<span class="swatch" style="background:{colours[row["name"]]}"></span>'
        low, high = row["uncertain"]
        rate = "&ndash;" if row["fake_frame_rate"] is None else f"{row['fake_frame_rate']:.0%}"
        verdict = f'<span class="{row["verdict"]}">{_SIGNS[row["verdict"]]}</span>'
        p_fake = "&ndash;" if row["p_fake"] is None else f"{row['p_fake']:.2f}"
        zone = f"{low:.2f} to {high:.2f}"
        return [swatch + row["name"], verdict, p_fake, f"{row['threshold']:.2f}", zone, rate]

    head = ["detector", "verdict", "p_fake", "threshold", "uncertain from", "faces above threshold"]
    return "<h2>What each detector says</h2>" + _table(head, map(cells, content["variants"]))


def _charts(content: dict, colours: dict[str, str]) -> str:
    """A chart per person of p_fake over time."""
    people = sorted({frame["person"] for frame in content["variants"][0]["frames"]})
    drawn = "".join(_chart(content, person, colours) for person in people)
    about = "p_fake of each face by its time in the clip; colours as in the table, thresholds dashed."
    return f'<h2>Fake probability over time</h2><div class="charts">{drawn}</div><p class="small">{about}</p>'


def _chart(content: dict, person: int, colours: dict[str, str]) -> str:
    duration = max(content["clip"]["duration_s"], 0.1)

    def place(time_s: float, p_fake: float) -> tuple[float, float]:
        return _LEFT + _WIDTH * time_s / duration, _TOP + _HEIGHT * (1 - p_fake)

    def level(p_fake: float, style: str) -> str:
        y = place(0, p_fake)[1]
        return f'<path d="M{_LEFT} {y:.1f}h{_WIDTH}" stroke="#9aa3af" {style}/>'

    drawn = [level(p_fake, 'stroke-width="0.5"') for p_fake in (0, 0.5, 1)]
    drawn += [level(p_fake, 'stroke-dasharray="5 4"') for p_fake in {row["threshold"] for row in content["variants"]}]
    for p_fake, text in ((0, "real 0"), (0.5, "0.5"), (1, "fake 1")):
        drawn.append(f'<text x="{_LEFT - 6}" y="{place(0, p_fake)[1] + 4:.1f}" text-anchor="end">{text}</text>')
    for time_s in (0, duration / 2, duration):
        x, y = place(time_s, 0)
        drawn.append(f'<text x="{x:.1f}" y="{y + 26:.1f}" text-anchor="middle">{time_s:.1f} s</text>')
    for row in content["variants"]:
        points = [place(frame["time_s"], frame["p_fake"]) for frame in row["frames"] if frame["person"] == person]
        line, colour = " ".join(f"{x:.1f} {y:.1f}" for x, y in points), colours[row["name"]]
        dots = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in points)
        drawn.append(f'<path d="M{line}" stroke="{colour}" stroke-width="1.5"/>')
        drawn.append(f'<path d="{dots}" stroke="{colour}" stroke-width="5" stroke-linecap="round"/>')
    view = f'viewBox="0 0 {_LEFT + _WIDTH + 36} {_TOP + _HEIGHT + 34}"'
    picture = f'<svg {view} fill="none" role="img" aria-label="p_fake over time">{"".join(drawn)}</svg>'
    return f"<figure><figcaption>Person {person}</figcaption>{picture}</figure>"


def _people(content: dict) -> str:
    """A column per person, where there are several."""
    if content["clip"]["people"] < 2:
        return ""
    rows = []
    for row in content["variants"]:
        people = sorted(row["people"], key=lambda who: who["person"])
        rows.append([row["name"], *(_mark(who) for who in people)])
    head = ["detector", *(f"person {who['person']}, {_some(who['faces'], 'face')}" for who in people)]
    signs = ", ".join(_SIGNS[verdict] for verdict in (FAKE, UNCERTAIN, REAL))
    return f'<h2>Person by person</h2>{_table(head, rows)}<p class="small">{signs}</p>'


def _mark(who: dict) -> str:
    return f'<span class="{who["verdict"]}">{_SIGNS[who["verdict"]].split()[0]} {who["p_fake"]:.2f}</span>'


def _costs(content: dict) -> str:
    def cells(row: dict) -> list[str]:
        time = f"{row['ms_per_face']['median']:.1f} ms"
        return [row["name"], time, row["engine"], f"{row['params'] / 1e6:.2f} million", f"{row['size_mb']:.1f} MB"]

    cpu, stages = content["cpu"], content["stages_ms"]
    shared = f"Reading the clip took {stages['decode'] / 1e3:.1f} s, finding faces {stages['find_faces'] / 1e3:.1f} s"
    where = f"measured on {cpu['model']}, {cpu['threads']} threads."
    head = ["detector", "time per face (median)", "engine", "parameters", "file size"]
    table = _table(head, map(cells, content["variants"]))
    return f'<h2>What it cost</h2>{table}<p class="small">{shared}; {where}</p>'


def _zoo(content: dict) -> str:
    zoo = content["zoo"]
    what = "The bundled zoo" if zoo["source"] == BUNDLED else f"The zoo {zoo['source']}"
    why = f": {zoo['note']}" if zoo["note"] else ""
    return (
        f"<h2>Which detectors</h2><p>{what}, revision <code>{zoo['revision']}</code>{why}. "
        "The revision names these very detectors: quote it with any figure of this page.</p>"
    )
