"""By what the points of a plane are coloured: the class, or any factor that is known of every picture."""

from __future__ import annotations

import hashlib

import torch
from torch import Tensor

from explorer.data import Factor, load_image_set
from explorer.data.factors import HIDDEN
from explorer.errors import ViewError
from explorer.ui.computed import encoded

#: The label of a picture that does not show the factor: drawn in no class's colour.
UNSEEN = 255
#: Between a run's id and the place of a factor in its set, in the name of a medium.
BY = ".by."


def factor_names(data: str) -> tuple[str, ...]:
    """English names of the factors that are known of a set, in its order; none for most."""
    return tuple(load_image_set(data).factors)


def colour_names(data: str, factor: str) -> tuple[str, ...]:
    """English names of what is coloured: values of a factor, or classes where that is ""."""
    return load_image_set(data).factors[factor].names if factor else encoded.class_names(data)


def coloured(run_id: str, data: str, factor: str) -> str:
    """The name of a medium of points that are coloured by a factor."""
    return f"{run_id}{BY}{factor_names(data).index(factor)}" if factor else run_id


def run_of(name: str) -> str:
    """The run of such a name."""
    return name.partition(BY)[0]


def test_colours(name: str, data: str) -> Tensor:
    """int64 (N,) of the test images, in the order of image ids: the value of the factor that a name asks for."""
    image_set, factor = load_image_set(data), _factor(name, data)
    if factor is None:
        return encoded.test_labels(data)
    values = factor.values[image_set.split("test")]
    return torch.where(values == HIDDEN, UNSEEN, values)


def stamp(name: str, data: str) -> str:
    """What the colours depend on beside the pictures.

    Raises:
        ViewError: the name asks for a factor that the set has not.
    """
    factor = _factor(name, data)
    return "" if factor is None else hashlib.sha256(factor.values.numpy().tobytes()).hexdigest()


def _factor(name: str, data: str) -> Factor | None:
    _, asked, number = name.partition(BY)
    factors = tuple(load_image_set(data).factors.values())
    if asked and not (number.isdecimal() and number == str(int(number)) and int(number) < len(factors)):
        raise ViewError("medium_unknown", name=name)
    return factors[int(number)] if asked else None
