"""How a run's folder is written: all at once. A reader sees the old run or the new one, never a half of each."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from safetensors.torch import save as save_tensors
from torch import Tensor

from explorer.errors import RunError
from explorer.files.checksums import json_bytes, sealed, sha256
from explorer.files.exchange import exchanged
from explorer.files.passing import PREFIX, passing_folder, sweep
from explorer.runs.info import ID_PATTERN, RunInfo
from explorer.runs.reading import FORMAT, Run, load_folder, npz, read_folder
from explorer.runs.report_format import check_report
from explorer.training.trace import Trace

#: Files that a run can have beside its card; nothing else is taken from an archive.
PARTS = (
    *("run.json", "model.safetensors", "trace.npz", "report.json", "map.npz", "measures.npz"),
    *("prior.safetensors", "prior.json"),
)


def save_run(
    folder: Path,
    info: RunInfo,
    weights: dict[str, Tensor],
    trace: Trace,
    *,
    report: dict[str, Any] | None = None,
    resume: dict[str, Tensor] | None = None,
    card: str = "",
) -> Run:
    """Write a run all at once: into a folder beside `folder`, which then takes its place.

    A reader sees the old run or the new one, never a half of each.

    Raises:
        RunError: the place cannot be written.
    """
    contents = {"model.safetensors": save_tensors({k: v.contiguous() for k, v in weights.items()})}
    contents["trace.npz"] = npz(trace.to_arrays())
    if report is not None:
        contents["report.json"] = json_bytes(report)
    if resume is not None:
        contents["resume.safetensors"] = save_tensors({k: v.contiguous() for k, v in resume.items()})
    return _write(folder, info, contents, card.encode())


def update_run(
    run: Run,
    contents: dict[str, bytes] | None = None,
    *,
    report: dict[str, Any] | None = None,
    card: str = "",
    folder: Path | None = None,
) -> Run:
    """Write a run again, all at once, with some of its files new and all others as they are.

    Args:
        run: what is there.
        contents: file name -> bytes, new or in place of old ones.
        report: in place of the old one.
        card: in place of the old one.
        folder: where to; in place of the old run if left out.

    Raises:
        RunError: a file is missing or damaged, or the place cannot be written.
    """
    merged = {name: run.read(name) for name in run.files} | (contents or {})
    if report is not None:
        merged["report.json"] = json_bytes(report)
    readme = run.folder / "README.md"
    old_card = readme.read_bytes() if readme.exists() else b""
    return _write(folder or run.folder, run.info, merged, card.encode() or old_card)


@contextmanager
def _files_by_name() -> Iterator[None]:
    """Inside the block an error names a file as the run does, without where it lies."""
    try:
        yield
    except RunError as error:
        told = {name: value.name if isinstance(value, Path) else value for name, value in error.params.items()}
        raise RunError(error.code, **told) from error


def adopt_run(
    contents: dict[str, bytes],
    root: Path,
    named: Callable[[str], str],
    welcome: Callable[[Run], None],
    complete: Callable[[Run], None],
) -> Run:
    """Take in a run that came as files of unknown origin: checked whole before anybody can see it.

    Args:
        contents: file name -> bytes.
        root: where the new folder goes.
        named: gives the new id.
        welcome: called with the run before its weights are read; raises for one that is not wanted.
        complete: called with the run when its files are there; raises where what they hold is not a run's.

    Raises:
        RunError: its id is none, or a hash, the weights, the film or the report do not fit. Files are named as the run
            names them: whoever sent them need not know where things lie here.
    """
    with _files_by_name(), passing_folder(ADOPTED) as place:
        folder = place / "run"
        folder.mkdir()
        for name, content in contents.items():
            (folder / name).write_bytes(content)
        run = read_folder(folder)
        info, files = run.info, run.files
        # The id becomes part of a path: "../x" would lead out of `root`.
        if not (ID_PATTERN.fullmatch(str(info.id)) and info.finished) or set(files) - set(PARTS):
            raise RunError("run_foreign", path="run.json")
        welcome(run)
        for name in files:
            run.read(name)  # which checks its hash
        check_report(run.report)
        complete(run)
        fresh = named(re.sub(r"-[0-9a-f]{12}$", "", info.id))
        if (root / fresh).parent != root:
            raise RunError("run_foreign", path="run.json")
        try:
            return _write(
                root / fresh,
                replace(info, id=fresh, family=fresh, twin_of=""),
                {name: contents[name] for name in files},
                b"",
            )
        except BaseException:
            shutil.rmtree(root / fresh, ignore_errors=True)
            raise


def write_card(run: Run, card: str) -> bool:
    """Write the model card alone, all at once; returns whether that changed it. `run.json` knows nothing of cards.

    Raises:
        RunError: the place cannot be written.
    """
    path = run.folder / "README.md"
    content = card.encode()
    if path.exists() and path.read_bytes() == content:
        return False
    fresh = path.with_name(".README.md-new")
    try:
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError as error:
        raise RunError("run_not_writable", folder=run.folder, reason=error.strerror or error) from error
    return True


def _write(folder: Path, info: RunInfo, contents: dict[str, bytes], card: bytes) -> Run:
    files = {name: sha256(content) for name, content in contents.items()}
    described = {"run.json": json_bytes(sealed({"format": FORMAT} | info.to_dict() | {"files": files}))}
    _replace_folder(folder, contents | described | ({"README.md": card} if card else {}))
    return load_folder(folder)


def _replace_folder(folder: Path, contents: dict[str, bytes]) -> None:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with passing_folder(f".{folder.name}-", folder.parent) as fresh:
            for name, content in contents.items():
                (fresh / name).write_bytes(content)
            fresh.chmod(0o755)
            if not folder.exists():
                fresh.rename(folder)
            elif not exchanged(fresh, folder):
                _replace_by_two(fresh, folder)
    except OSError as error:
        raise RunError("run_not_writable", folder=folder, reason=error.strerror or error) from error


def _replace_by_two(fresh: Path, folder: Path) -> None:
    """In two steps, where two folders cannot change places at once; `recover` ends what was cut off between them."""
    old = fresh.with_name(fresh.name + OLD)
    folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


#: Among the temporary folders: a run on its way in.
ADOPTED = f"{PREFIX}run-"
#: How the old folder of a run ends while the new one takes its place.
OLD = "-old"
CUT_OFF = re.compile(rf"\.(.+)-[a-z0-9_]{{8}}{OLD}")


def recover(root: Path) -> None:
    """Bring runs back that a crash left under another name while they were replaced; called before anybody reads."""
    for old in root.glob(f".*{OLD}"):
        if (named := CUT_OFF.fullmatch(old.name)) and (old / "run.json").is_file():
            with suppress(OSError):
                if (root / named[1]).exists():
                    shutil.rmtree(old)
                else:
                    old.rename(root / named[1])
    sweep(lambda name: name.startswith(".") and not name.endswith(OLD), root)  # and what was still being written
