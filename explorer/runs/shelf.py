"""Where runs are looked for, and how they are found by name.

A run is a folder:

| file | holds |
|---|---|
| `run.json` | format, id, config, image shape, variances, family, twin, SHA-256 of every other file and of itself |
| `model.safetensors` | weights |
| `trace.npz` | the film (`explorer.training.trace`) |
| `report.json` | the evaluation; absent while a run is unfinished |
| `map.npz` | UMAP places of a sample (`explorer.latent.projection`); only where somebody asked for it |
| `prior.safetensors`, `prior.json` | how it generates (`explorer.runs.priors`), if that was trained |
| `measures.npz` | measures of every test image (`explorer.reports.evaluation`) |
| `resume.safetensors` | optimizer and window, only while a run is unfinished |
| `README.md` | the model card, for people; not verified |

Reading is `explorer.runs.reading`, writing is `explorer.runs.writing`.
"""

from __future__ import annotations

import os
from pathlib import Path

from explorer.errors import RunError
from explorer.files.shipped import shipped_folder
from explorer.runs.info import ID_PATTERN, RunInfo
from explorer.runs.reading import Run, load_folder, read_description

SHIPPED = shipped_folder()


def load_run(path_or_id: str | Path) -> Run:
    """A run by its id (shipped runs first, then `run_roots`) or by its folder.

    Raises:
        RunError: not there, damaged, foreign, or written by a newer version.
    """
    text = str(path_or_id)
    if ID_PATTERN.fullmatch(text):
        for root in run_roots():
            if (root / text / "run.json").is_file():
                return load_folder(root / text)
    if isinstance(path_or_id, Path) or os.sep in text or text in (".", ".."):
        return load_folder(Path(path_or_id))
    raise RunError("run_not_found", name=text)


def list_runs(roots: list[Path] | None = None) -> list[RunInfo]:
    """Finished runs under `roots`, by id; the first of one id counts. Damaged folders are passed over.

    Reads `run.json` only.
    """
    found: dict[str, RunInfo] = {}
    for root in run_roots() if roots is None else roots:
        for path in sorted(root.glob("*/run.json")):
            try:
                info, _ = read_description(path.parent)
            except RunError:
                continue
            if info.finished and info.id == path.parent.name:
                found.setdefault(info.id, info)
    return [found[name] for name in sorted(found)]


def run_roots() -> list[Path]:
    """Where runs are looked for: shipped ones, `$EXPLORER_RUNS`, `runs/` here."""
    extra = os.environ.get("EXPLORER_RUNS")
    return [SHIPPED, *([Path(extra)] if extra else []), Path.cwd() / "runs"]
