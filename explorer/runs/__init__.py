"""Runs: a trained model and how it came to be, a folder on disk. No pickle is written or read.

`info` is what is known before weights are read, `reading` and `writing` are the folder's two sides, `shelf` is where
runs are looked for, `naming` what they are called; `priors` is how a run generates, `card` its README, `foreign` and
`hub` bring runs from elsewhere. The names that most need stand here.
"""

from __future__ import annotations

from explorer.runs.info import ID_PATTERN, RunInfo
from explorer.runs.reading import Run, arrays_of, npz, read_description
from explorer.runs.shelf import SHIPPED, list_runs, load_run, run_roots
from explorer.runs.writing import PARTS, adopt_run, save_run, update_run, write_card

__all__ = [
    "ID_PATTERN",
    "PARTS",
    "SHIPPED",
    "Run",
    "RunInfo",
    "adopt_run",
    "arrays_of",
    "list_runs",
    "load_run",
    "npz",
    "read_description",
    "run_roots",
    "save_run",
    "update_run",
    "write_card",
]
