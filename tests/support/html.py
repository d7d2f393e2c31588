"""What a person reads and sees in a piece of HTML."""

import base64
from html.parser import HTMLParser

import cv2
import numpy as np

VOID = {"meta", "img", "br", "input", "link"}  # have no end


class Reader(HTMLParser):
    """The text of a page, its tags in order with their attributes, and the tags that were left open."""

    def __init__(self, page: str):
        super().__init__()
        self.text, self.elements, self.open = "", [], []
        self.feed(page)

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    def attributes(self, tag: str) -> list[dict[str, str]]:
        """Those of each element of this kind."""
        return [attributes for name, attributes in self.elements if name == tag]

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += f"{data} " if data.strip() else ""


def text(page: str) -> str:
    """What a person reads, in one line."""
    return " ".join(Reader(page).text.split())


def pictures(page: str) -> dict[str, np.ndarray]:
    """The images of a page, RGB (H, W, 3) uint8, by what is said of each to those who do not see it."""
    return {image["alt"]: decoded(image["src"]) for image in Reader(page).attributes("img")}


def decoded(uri: str) -> np.ndarray:
    """A data URI of an image as RGB (H, W, 3) uint8."""
    head, _, content = uri.partition(",")
    assert head in ("data:image/jpeg;base64", "data:image/png;base64")
    encoded = np.frombuffer(base64.b64decode(content), np.uint8)
    return cv2.cvtColor(cv2.imdecode(encoded, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
