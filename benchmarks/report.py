"""The collapse report on large files: seconds against `np.bincount` on the same indices, and peak memory.

    python -m benchmarks.report [--indices 100000000]

Each case runs in a process of its own, so that peaks do not add up. Files are written to a temporary folder.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

CODES, DIM = 65_536, 1_024


def write(folder: Path, count: int) -> None:
    """A codebook of the largest size, half of it near-copies, and skewed indices."""
    generator = np.random.default_rng(0)
    codebook = generator.normal(size=(CODES, DIM)).astype(np.float32)
    codebook[CODES // 2 :] = codebook[: CODES // 2] * (1 + 1e-5)
    np.save(folder / "codebook.npy", codebook)
    header = np.lib.format.open_memmap(folder / "indices.npy", mode="w+", dtype=np.int64, shape=(count,))
    for first in range(0, count, 1 << 24):
        last = min(count, first + (1 << 24))
        header[first:last] = generator.integers(0, CODES, last - first)
    header.flush()


def measured(words: list[str]) -> str:
    """Run this file in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.report", *words], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def case(name: str, folder: Path) -> None:
    """One case: seconds and the peak of resident memory."""
    began = time.perf_counter()
    if name == "bincount":
        indices = np.load(folder / "indices.npy")
        began = time.perf_counter()
        np.bincount(indices, minlength=CODES)
    else:
        from explorer.collapse.reporting import collapse_report

        files = {"indices": ["indices.npy"], "codebook": ["codebook.npy"], "both": ["codebook.npy", "indices.npy"]}
        began = time.perf_counter()
        collapse_report([(folder / file, "") for file in files[name]], num_embeddings=CODES)
    status = Path("/proc/self/status").read_text()  # getrusage would also count the process that started this one
    peak = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1e6
    print(f"{time.perf_counter() - began:.2f} {peak:.2f}")


def main() -> None:
    """Print a line for each case."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--indices", type=int, default=10**8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--case", nargs=2, metavar=("NAME", "FOLDER"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.case:
        case(args.case[0], Path(args.case[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), args.indices)
        rows = {name: [] for name in ("bincount", "indices", "codebook", "both")}
        for _ in range(args.rounds):
            for name, row in rows.items():
                row.append(tuple(map(float, measured(["--case", name, folder]).split())))
    base = sorted(row[0] for row in rows["bincount"])[args.rounds // 2]
    for name, row in rows.items():
        seconds = sorted(r[0] for r in row)[args.rounds // 2]
        print(f"{name:10} {seconds:7.2f} s  {seconds / base:5.2f}x np.bincount  peak {max(r[1] for r in row):.2f} GB")


if __name__ == "__main__":
    main()
