"""A sample made ready once: finite values in order, and how many values were not finite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from cvnpolicy.core.errors import MissingExtraError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.int64 | np.float64]


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
    finite, nonfinite = numbers(values)
    import numpy as np

    ordered = np.asarray(finite, np.float64)
    ordered.sort()
    return Sample(ordered, nonfinite)


def numbers(values: ArrayLike) -> tuple[Numbers, int]:
    """Return a new array of the finite values in their order, and how many were NaN or infinite.

    Integers that fit into 64 bits with a sign stay integers, and all else becomes float64.

    Args:
        values: Shape (n,), numbers. A missing value is NaN, or None in an array of objects.

    Raises:
        ValueError: The values are not numbers, or not one-dimensional.
        MissingExtraError: numpy is not installed.
    """
    try:
        import numpy as np
    except ModuleNotFoundError as error:
        raise MissingExtraError("comparing samples", "tables") from error
    raw = np.asarray(values)
    if raw.dtype.kind not in "biufO" or (raw.dtype.kind == "O" and any(isinstance(each, str) for each in raw.flat)):
        # numpy would read "1.5" as a number and an instant as nanoseconds.
        raise ValueError(f"the values of a sample must be numbers, not {raw.dtype}")
    try:
        array: Numbers = np.asarray(raw, np.int64 if np.can_cast(raw.dtype, np.int64) else np.float64)
    except TypeError as error:
        raise ValueError(f"the values of a sample must be numbers: {error}") from error
    if array.ndim != 1:
        raise ValueError(f"a sample is one-dimensional, this one has {array.ndim} dimensions")
    finite = array[np.isfinite(array)]
    return finite, len(array) - len(finite)


def comparable(reference: ArrayLike | Sample, current: ArrayLike | Sample) -> tuple[Sample, Sample]:
    """Return both samples, neither of them empty.

    Raises:
        ValueError: One of them has no finite value.
        MissingExtraError: numpy is not installed.
    """
    pair = sample(reference), sample(current)
    refuse_empty(*pair)
    return pair


class _Side(Protocol):
    @property
    def nonfinite(self) -> int: ...

    def __len__(self) -> int: ...


def refuse_empty(reference: _Side, current: _Side) -> None:
    """See to it that both samples have a finite value.

    Raises:
        ValueError: One of them has none.
    """
    for name, one in (("reference", reference), ("current sample", current)):
        if not len(one):
            raise ValueError(f"the {name} has no finite value ({one.nonfinite} not finite)")
