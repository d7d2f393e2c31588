"""The two error measures of document 003, and its ratios by class."""

import numpy as np

from train.dataset.items import CLASSES


def journal_measures(labels: np.ndarray, p_fake: np.ndarray) -> dict[str, float]:
    """`unquantized`: the mean of |label - p_fake|; `quantized`: that of p_fake rounded, the share of wrong ones.

    `real_right` and `fake_right`: the shares of right ones by class. Labels (N,) with 1 = fake, p_fake (N,) in [0, 1].
    """
    labels, p_fake = np.asarray(labels), np.asarray(p_fake)
    wrong = np.abs(labels - (p_fake > 0.5))
    ratios = {f"{CLASSES[label]}_right": float(1 - wrong[labels == label].mean()) for label in np.unique(labels)}
    return {"unquantized": float(np.abs(labels - p_fake).mean()), "quantized": float(wrong.mean())} | ratios
