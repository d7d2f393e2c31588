"""The Pareto front: the choices that no other choice beats."""

from collections.abc import Sequence


def pareto_front(costs: Sequence[float], gains: Sequence[float]) -> list[int]:
    """Indices, by rising cost, of the points that no other beats: costs no more, gains no less, and not both the same.

    Points that are equal in both stand on the front together. Raises ValueError for lists of different lengths.
    """
    points = list(zip(costs, gains, strict=True))
    front: list[int] = []
    for i in sorted(range(len(points)), key=lambda i: (points[i][0], -points[i][1])):
        if not front or points[i][1] > points[front[-1]][1] or points[i] == points[front[-1]]:
            front.append(i)
    return front
