"""Hypervolume: how much of the space of capabilities a set of points dominates."""

from collections.abc import Sequence

Point = tuple[float, ...]


def hypervolume(points: Sequence[Point], reference: Point) -> float:
    """Return the volume of all that lies between the reference and at least one of the points.

    More is better in every coordinate; a point that does not exceed the reference in each adds
    nothing. Exact: the last coordinate is cut into slabs between neighbouring points, and each slab
    is the hypervolume of those that reach it in one dimension less (Zitzler 1999).

    Args:
        points: Any number of points.
        reference: Of the same length.

    Example:
        >>> hypervolume([(2.0, 1.0), (1.0, 2.0)], (0.0, 0.0))
        3.0
    """
    above = [point for point in points if all(map(float.__gt__, point, reference))]
    if not above:
        return 0.0
    if len(reference) == 1:
        return max(above)[0] - reference[0]
    heights = sorted({point[-1] for point in above})
    volume, floor = 0.0, reference[-1]
    for height in heights:
        reaching = [point[:-1] for point in above if point[-1] >= height]
        volume += (height - floor) * hypervolume(reaching, reference[:-1])
        floor = height
    return volume
