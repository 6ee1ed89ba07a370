"""A sample made ready once: finite values in order, and how many values were not finite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cvnpolicy.core.errors import MissingExtraError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The finite values of a sample in ascending order.

    A statistic accepts one in place of an array, so a reference that many windows are compared with is sorted once.
    """

    values: NDArray[np.float64]
    """Shape (n,), finite, ascending."""
    nonfinite: int
    """How many values were NaN or infinite and are not in ``values``."""

    def __len__(self) -> int:
        """Return the number of finite values."""
        return len(self.values)


def sample(values: ArrayLike | Sample) -> Sample:
    """Return the values as a sample: read as float64, without NaN and ±inf, sorted.

    Args:
        values: Shape (n,), numbers. A missing value is NaN, or None in an array of objects.
            A :class:`Sample` is returned as it is.

    Raises:
        ValueError: The values are not numbers, or not one-dimensional.
        MissingExtraError: numpy is not installed.
    """
    if isinstance(values, Sample):
        return values
    try:
        import numpy as np
    except ModuleNotFoundError as error:
        raise MissingExtraError("comparing samples", "tables") from error
    raw = np.asarray(values)
    if raw.dtype.kind not in "biufO" or (raw.dtype.kind == "O" and any(isinstance(each, str) for each in raw.flat)):
        # numpy would read "1.5" as a number and an instant as nanoseconds.
        raise ValueError(f"the values of a sample must be numbers, not {raw.dtype}")
    try:
        array = np.asarray(values, dtype=np.float64)
    except TypeError as error:
        raise ValueError(f"the values of a sample must be numbers: {error}") from error
    if array.ndim != 1:
        raise ValueError(f"a sample is one-dimensional, this one has {array.ndim} dimensions")
    finite = array[np.isfinite(array)]
    finite.sort()
    return Sample(finite, len(array) - len(finite))


def comparable(reference: ArrayLike | Sample, current: ArrayLike | Sample) -> tuple[Sample, Sample]:
    """Return both samples, neither of them empty.

    Raises:
        ValueError: One of them has no finite value.
        MissingExtraError: numpy is not installed.
    """
    pair = sample(reference), sample(current)
    for name, one in zip(("reference", "current sample"), pair, strict=True):
        if not len(one):
            raise ValueError(f"the {name} has no finite value ({one.nonfinite} not finite)")
    return pair
