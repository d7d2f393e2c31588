"""What can go wrong with the zoo, as sentences: what happened, the evidence, what to do."""


class ZooError(Exception):
    """A variant or its files cannot be used."""


class UnknownVariant(ZooError):
    """No variant of that name is declared or released."""


class BadWeights(ZooError):
    """A weights file is missing, altered, not finite or does not fit its network."""


class BadManifest(ZooError):
    """manifest.json is missing, unreadable or of a schema this version does not know."""


class HubError(ZooError):
    """The Hugging Face Hub does not give or take what is asked of it."""


class BadScores(ZooError):
    """Labels and scores of which nothing can be measured: of one class, or not finite."""


class BadGuest(ZooError):
    """A guest's declaration or one of its files cannot be used."""
