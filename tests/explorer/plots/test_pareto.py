import pytest

from explorer.plots.pareto import pareto_front


@pytest.mark.parametrize(
    ("costs", "gains", "expected"),
    [
        ([], [], []),
        ([3.0], [0.9], [0]),
        ([1, 2, 3], [0.7, 0.8, 0.9], [0, 1, 2]),  # each better one costs more
        ([1, 2, 3], [0.9, 0.8, 0.7], [0]),  # the cheapest is the best
        ([3, 1, 2], [0.9, 0.7, 0.8], [1, 2, 0]),  # by rising cost
        ([1, 2, 2, 3], [0.7, 0.6, 0.8, 0.8], [0, 2]),  # beaten in gain; beaten in cost at the same gain
        ([1, 1], [0.7, 0.8], [1]),  # the same cost, a better gain
        ([2, 1, 2], [0.8, 0.7, 0.8], [1, 0, 2]),  # equal in both: neither beats the other
    ],
)
def test_pareto_front(costs, gains, expected):
    assert pareto_front(costs, gains) == expected


def test_lists_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        pareto_front([1, 2], [0.5])
