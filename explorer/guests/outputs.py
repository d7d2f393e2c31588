"""What a guest's network gives, made into our one logit and its evidence."""

import numpy as np

from model_zoo.guest import Labels

_LEAST = 1e-7  # probability, below which float32 tells nothing apart


def logits_of(outputs: np.ndarray, labels: Labels, activation: str = "") -> np.ndarray:
    """Outputs (N, K), or what an activation ("softmax", "sigmoid") made of them -> logits (N,) that speak for fake.

    Of a distribution the logit is log(P(fake) / P(real)), each the sum over its labels; of opinions of their own the
    strongest fake one; of one output that output, turned round where it is the probability of real.
    """
    values = np.asarray(outputs, np.float64).reshape(len(outputs), -1)
    if activation:
        values = values.clip(_LEAST, 1 - _LEAST)
        values = np.log(values) - (np.log1p(-values) if activation == "sigmoid" else 0)
    if len(labels.names) == 1:
        return (values[:, 0] if labels.fake else -values[:, 0]).astype(np.float32)
    if labels.sigmoid or activation == "sigmoid":
        return values[:, labels.fake].max(axis=1).astype(np.float32)
    return (_log_sum(values[:, labels.fake]) - _log_sum(values[:, labels.real])).astype(np.float32)


def direction(labels: Labels) -> np.ndarray | None:
    """The weights (K,) by which outputs add up to the logit; None where it is no such sum."""
    if len(labels.names) == 1:
        return np.array([1.0 if labels.fake else -1.0])
    if labels.sigmoid or len(labels.fake) > 1 or len(labels.real) > 1:
        return None
    weights = np.zeros(len(labels.names))
    weights[labels.fake[0]], weights[labels.real[0]] = 1.0, -1.0
    return weights


def _log_sum(values: np.ndarray) -> np.ndarray:
    """log(sum(exp)) over each row."""
    return np.logaddexp.reduce(values, axis=1)
