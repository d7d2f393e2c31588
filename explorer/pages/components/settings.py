"""What a visitor asked a run for."""

from dataclasses import dataclass

from explorer.judging import Question
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

    @property
    def question(self) -> Question:
        """What is asked of the clip."""
        return Question(tuple(self.variants), self.frames, self.finder, self.engine)

    def runners(self, zoo: Zoo) -> dict[str, OpenRunner]:
        """What opens each chosen variant, by name."""
        return self.question.runners(zoo)
