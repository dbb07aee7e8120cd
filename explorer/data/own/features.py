"""`factors.csv` beside somebody's pictures: what is known of each of them.

One line a picture: a column `file` with its path, and a column for each feature with the value's name. An empty cell is
a feature that the picture does not show. The file is taken whole or not at all; the pictures are kept either way.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np
import torch

from explorer.data.factors import HIDDEN, Factor
from explorer.data.own.limits import MEGABYTE
from explorer.data.own.names import readable
from explorer.errors import DataError

NAME = "factors.csv"
FILE = "file"
#: Features, and values of one: the page keeps a value in a byte, and 255 is what cannot be seen.
MOST_FACTORS, MOST_VALUES = 64, 200

#: A table is read whole, and its cells take many times its bytes.
MOST_BYTES = 8 * MEGABYTE

Table = dict[str, list[str]]


def is_factors(path: str) -> bool:
    """Whether a file of somebody's names features."""
    return PurePosixPath(path).name.lower() == NAME


def read_factors(content: bytes, path: str, files: Sequence[str]) -> Table:
    """Feature -> value of each of `files`, "" where it does not show it.

    Args:
        content: of the csv.
        path: of the csv within the source; its paths begin where it lies.
        files: paths of all files that may be pictures, whether they turned out to be any or not.

    Raises:
        DataError: `own_file_large`, `own_factors_unreadable`, `own_factors_columns`, `own_factors_missing`,
            `own_factors_rows` or `own_factors_values`.
    """
    shown = readable(path, 100)
    if len(content) > MOST_BYTES:
        raise DataError("own_file_large", file=shown, limit=MOST_BYTES // MEGABYTE)
    rows = _rows(content, shown)
    header = [readable(name) for name in rows[0]]
    names = header[1:]
    if not 1 <= len(names) <= MOST_FACTORS:
        raise DataError("own_factors_columns", file=shown, columns=len(names), limit=MOST_FACTORS)
    if header[0].lower() != FILE or "" in names or len(set(names)) < len(names) or _ragged(rows):
        raise DataError("own_factors_unreadable", file=shown)
    folder = PurePosixPath(path).parent
    by_file = {str(folder / row[0].strip().replace("\\", "/")): row[1:] for row in rows[1:]}
    if absent := [file for file in by_file if file not in files]:
        raise DataError("own_factors_missing", file=shown, count=len(absent), first=readable(absent[0], 100))
    if len(rows) - 1 != len(files) or len(by_file) != len(files):
        raise DataError("own_factors_rows", file=shown, rows=len(rows) - 1, files=len(files))
    table = {name: [readable(by_file[file][k]) for file in files] for k, name in enumerate(names)}
    for name, values in table.items():
        if len(set(values)) > MOST_VALUES:
            raise DataError("own_factors_values", file=shown, name=name, values=len(set(values)), limit=MOST_VALUES)
    return table


def factors_from(table: Table) -> dict[str, Factor]:
    """Factors of pictures in this order; a value's number is its place among the names in alphabetical order."""
    factors = {}
    for feature, values in table.items():
        names = tuple(sorted(set(values) - {""}))
        numbers = {name: number for number, name in enumerate(names)} | {"": HIDDEN}
        factors[feature] = Factor(torch.from_numpy(np.array([numbers[v] for v in values], np.int64)), names)
    return {feature: factor for feature, factor in factors.items() if factor.names}


def _rows(content: bytes, shown: str) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text), strict=True) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError("own_factors_unreadable", file=shown) from error
    if not rows or "\0" in text:
        raise DataError("own_factors_unreadable", file=shown)
    return rows


def _ragged(rows: list[list[str]]) -> bool:
    return any(len(row) != len(rows[0]) for row in rows)
