"""python benchmarks/size_figure.py

Figure 4 of document 002, "model parameters vs. accuracy", redrawn with plotly from the study `scaling` beside the
document's own points, as docs/studies/scaling-sizes.svg. Chromium turns it into an SVG.
"""

import json
import shutil
import sys
from pathlib import Path

import plotly.graph_objects as go
from playwright.sync_api import sync_playwright
from plotly.offline import get_plotlyjs

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from explorer.plots.style import GRID, LAYOUT
from train.studies.runner import RESULTS

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "studies" / "scaling-sizes.svg"
WIDTH, HEIGHT = 720, 360
# Pokroy & Egorov, ElConRus 2021, table 1: millions of parameters, accuracy in percent.
DOCUMENT = {
    "B0": (5.3, 70.5), "B1": (7.8, 70.1), "B2": (9.2, 70.1), "B3": (12, 69.9),
    "B4": (19, 72.7), "B5": (30, 74.4), "B6": (43, 72.6), "B7": (66, 70.4),
}  # fmt: skip


def size_figure(table: dict) -> go.Figure:
    """Accuracy by parameters: the document's networks, and the rows of the study."""
    ours = {row["label"]: (row["params"] / 1e6, 100 * row["accuracy"]) for row in table["rows"]}
    figure = go.Figure(layout=LAYOUT)
    for title, points, colour, symbol, mode in (
        ("document 002: DFDC, 20 epochs, published sizes", DOCUMENT, "#0072B2", "circle", "markers+lines+text"),
        (f"here: {table['budget'].partition(' of ')[0]}, 112 px", ours, "#D55E00", "diamond", "markers+text"),
    ):
        sizes, accuracies = zip(*points.values(), strict=True)
        figure.add_scatter(
            x=sizes, y=accuracies, text=list(points), name=title, mode=mode, textposition="top center",
            cliponaxis=False, line=dict(color=colour, width=1), marker=dict(color=colour, symbol=symbol, size=9),
        )  # fmt: skip
    ticks = dict(tickvals=[3, 5, 10, 20, 50], range=[0.4, 1.95])
    figure.update_xaxes(title_text="parameters, millions", type="log", **ticks, **GRID)
    figure.update_yaxes(title_text="accuracy, %", **GRID)
    return figure.update_layout(width=WIDTH, height=HEIGHT, paper_bgcolor="white", margin_b=90)


def as_svg(figure: go.Figure) -> str:
    """The figure as Chromium draws it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(f"<div id=plot></div><script>{get_plotlyjs()}</script>")
        draw = "async ([figure, size]) => Plotly.toImage(figure, {format: 'svg', ...size})"
        address = page.evaluate(draw, [json.loads(figure.to_json()), {"width": WIDTH, "height": HEIGHT}])
        return page.evaluate("address => decodeURIComponent(address.slice(address.indexOf(',') + 1))", address)


def main() -> None:
    figure = size_figure(json.loads(RESULTS.read_text(encoding="utf-8"))["scaling"])
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(as_svg(figure) + "\n", encoding="utf-8")
    print(f"{PICTURE}: {PICTURE.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
