"""What can go wrong in making the zoo, as one family: a command shows the sentence, a bug keeps its traceback."""


class TrainError(Exception):
    """Root of the family; its text says what happened, the evidence, and what to do."""


class BadData(TrainError):
    """A data set cannot be trained on: which one, why, and what to do."""


class BadRecipe(TrainError):
    """A recipe asks for something that does not exist: what, and what there is."""


class BadRun(TrainError):
    """A run cannot go on: why, and what to do."""
