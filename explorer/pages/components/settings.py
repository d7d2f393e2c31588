"""What a visitor asked a run for."""

from dataclasses import dataclass
from functools import partial

from explorer.inference.runners import open_runner
from explorer.structures import OpenRunner
from model_zoo.zoo import Zoo


@dataclass(frozen=True)
class Settings:
    """What a run was asked for."""

    clip: str | None
    variants: list[str]
    finder: str
    frames: int
    engine: str
    method: str
    layer: str

    def runners(self, zoo: Zoo) -> dict[str, OpenRunner]:
        """What opens each chosen variant, by name."""
        return {name: partial(open_runner, name, self.engine, zoo.release) for name in self.variants}
