"""A run that comes from elsewhere: read whole and verified before it gets a place among the runs here."""

from __future__ import annotations

import io
import re
from pathlib import Path

from explorer.data import describe_set, load_image_set
from explorer.errors import RunError
from explorer.files.zips import BROKEN_ZIP, UnpacksTooLargeError, entries, opened_zip
from explorer.runs import ID_PATTERN, Run, load_run, read_description
from explorer.runs.check import check_content
from explorer.runs.priors import check_prior
from explorer.runs.reading import MOST_UNPACKED
from explorer.runs.report_format import check_report
from explorer.runs.schema import Known

#: How a run's files are called, and which it cannot do without; nothing else is fetched or kept.
FILE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\.(safetensors|npz|json)")
NEEDED = {"model.safetensors", "trace.npz"}
MOST_FILES = 32
#: What is read before anything else, and the card, which no checksum covers.
DESCRIPTION, CARD = "run.json", "README.md"
#: Of all files together.
MOST_BYTES = 500_000_000
LONGEST_CARD = 1_000_000
LARGEST_IMAGE = 512
SHA256 = re.compile(r"[0-9a-f]{64}")


def named_files(folder: Path) -> list[str]:
    """The files that `run.json` in `folder` names; none of them has to be there yet.

    Raises:
        RunError: it is none, or names an id or files that a run does not have.
    """
    info, files = read_description(folder)
    plain = all(FILE_NAME.fullmatch(name) and SHA256.fullmatch(str(digest)) for name, digest in files.items())
    whole = set(files) >= NEEDED and DESCRIPTION not in files and len(files) <= MOST_FILES
    if not (plain and whole and ID_PATTERN.fullmatch(info.id)):
        raise RunError("run_foreign", path=folder / DESCRIPTION)
    return list(files)


def check_whole(run: Run) -> None:
    """Whether every file has its SHA-256 and is what `run.json` says, and the model works. No pickle is opened.

    Raises:
        RunError: something is missing, damaged, does not fit, or would not fit into memory.
    """
    unpacked = sum(_unpacked(run, name) for name in run.files)
    config, shape = run.config, run.info.shape
    codebook = 4 * config.num_rows * config.embedding_dim if config.is_vq else 0
    if max(shape.height, shape.channels) > LARGEST_IMAGE or max(codebook, unpacked) > MOST_UNPACKED:
        raise RunError("run_too_large", folder=run.folder)
    check_content(run, known_of(run))
    check_report(run.report)
    check_prior(run)


def known_of(run: Run) -> Known:
    """How many images there are in the set that a run was trained on; nothing where that set is not here."""
    info = describe_set(run.config.data)
    if info is None or info.state == "downloadable":
        return Known()
    images = load_image_set(run.config.data)
    here = images.sha256 == run.info.data_sha256
    return Known(len(images.labels), len(images.split("test"))) if here else Known()


def _unpacked(run: Run, name: str) -> int:
    """Bytes of a file, verified, once it is unpacked: a few kB of zip may be gigabytes of zeros."""
    content = run.read(name)
    if not name.endswith(".npz"):
        return len(content)
    try:
        with opened_zip(io.BytesIO(content)) as archive:
            return sum(member.file_size for member in entries(archive, MOST_UNPACKED))
    except UnpacksTooLargeError as error:
        raise RunError("run_too_large", folder=run.folder) from error
    except BROKEN_ZIP as error:
        raise RunError("run_damaged", path=run.folder / name) from error


def place(fresh: Path, into: Path) -> Run:
    """Move a verified folder to `into`/ID, where nothing may be yet.

    Raises:
        RunError: it is not whole, a run of its id is there, or the place cannot be written.
    """
    named_files(fresh)
    run = load_run(fresh)
    check_whole(run)
    folder = into / run.id
    if folder.exists():
        raise RunError("run_exists_already", folder=folder)
    try:
        fresh.chmod(0o755)
        fresh.rename(folder)
    except OSError as error:
        raise RunError("run_not_writable", folder=folder, reason=error.strerror or error) from error
    return load_run(folder)
