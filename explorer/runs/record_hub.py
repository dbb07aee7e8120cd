"""Records of trainings on the Hugging Face Hub: a model repository with the record as one zip, and a card."""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from huggingface_hub import CommitOperationAdd, get_token

from explorer.errors import RunError
from explorer.recording.files import CURVES, DESCRIPTION, FRAMES, NOTES
from explorer.runs.hub import fetch, spoken
from explorer.runs.record_zip import unpack_record
from explorer.runs.recorded import RecordedRun, load_record

ZIP, CARD = "record.zip", "README.md"


def push_record(
    folder: Path,
    repository: str,
    *,
    token: str | None = None,
    ask: Callable[[], str] | None = None,
    private: bool = False,
    endpoint: str | None = None,
) -> str:
    """Put the record in a folder into the model repository `repository`; arguments and answer as `hub.push_to_hub`.

    Raises:
        RecordError: there is no record.
        RunError: the Hub cannot be reached, refuses the token or the name.
    """
    record = load_record(folder)
    token = token or get_token() or (ask() if ask else "")
    if not token:
        raise RunError("hub_no_token")
    files = {ZIP: zipped_record(folder), CARD: _card(record, repository).encode()}
    additions = [CommitOperationAdd(name, io.BytesIO(content)) for name, content in files.items()]
    with spoken(repository, endpoint) as api:
        api.create_repo(repository, token=token, private=private, exist_ok=True)
        commit = api.create_commit(repository, additions, commit_message=f"Add the record {record.id}", token=token)
    return str(commit.commit_url)


def pull_record(
    repository: str,
    into: Path = Path("runs"),
    *,
    revision: str | None = None,
    token: str | None = None,
    endpoint: str | None = None,
    tell: Callable[[str, int], None] | None = None,
) -> RecordedRun:
    """Fetch the record in `repository` into `into`/NAME, which must not be there; arguments as `hub.pull_from_hub`.

    Raises:
        RunError: the Hub cannot be reached, has no record there, or the folder is taken.
        RecordError: what came is no record.
    """
    target = into / repository.rpartition("/")[2]
    if target.exists():
        raise RunError("hub_record_there", folder=target)
    into.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".hub-", dir=into))
    try:
        with spoken(repository, endpoint) as api:
            info = api.model_info(repository, revision=revision, token=token, files_metadata=True)
            sizes = {file.rfilename: file.size or 0 for file in info.siblings or ()}
            if ZIP not in sizes:
                raise RunError("hub_no_run", repository=repository)
            fetch(api, repository, [ZIP], sizes, fresh, info.sha, token, tell)
        unpack_record(fresh / ZIP, fresh / "record").rename(target)
        return load_record(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def zipped_record(folder: Path) -> bytes:
    """The files of a record and no others, as `unpack_record` takes them in."""
    buffer = io.BytesIO()
    names = [DESCRIPTION, NOTES, *(f"{part}/*.npz" for part in (FRAMES, CURVES))]
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(path for name in names for path in folder.glob(name)):
            out.writestr(path.relative_to(folder).as_posix(), path.read_bytes())
    return buffer.getvalue()


def _card(record: RecordedRun, repository: str) -> str:
    size = f"{record.levels} × " if record.levels > 1 else ""
    return (
        f"# {record.id}\n\nThe record of a training: {size}{record.num_embeddings} codes of {record.embedding_dim} "
        f"numbers, to step {record.frames[-1].step}. It holds no model.\n\n```\n"
        f"python -m explorer pull {repository}\npython -m explorer diagnose runs/{repository.rpartition('/')[2]}\n```\n"
    )
