"""Runs on the Hugging Face Hub: a run's folder is a model repository, with safetensors and a model card.

What comes from there is verified like any foreign run (`explorer.runs.foreign`): its description first, then the files
that it names and no others, each against its SHA-256. A token is needed to push, and to pull what is private.
"""

from __future__ import annotations

import io
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import huggingface_hub.errors
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, constants, get_token
from huggingface_hub.errors import (
    EntryNotFoundError,
    FileMetadataError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from explorer.errors import RunError
from explorer.runs import Run
from explorer.runs.foreign import CARD, DESCRIPTION, LONGEST_CARD, MOST_BYTES, named_files, place

#: No answer at all. Which library's error that is depends on huggingface_hub's version: httpx's, or httpx2's.
NoAnswer: type[Exception] = huggingface_hub.errors.HTTPError  # type: ignore[attr-defined]
#: What is raised there, the special before the general, and what is said about it.
SENTENCES: dict[type[Exception], str] = {
    HFValidationError: "hub_name",
    OfflineModeIsEnabled: "hub_unreachable",
    LocalEntryNotFoundError: "hub_unreachable",
    RepositoryNotFoundError: "hub_no_repository",
    RevisionNotFoundError: "hub_no_repository",
    EntryNotFoundError: "hub_no_run",
    HfHubHTTPError: "hub_failed",
    NoAnswer: "hub_unreachable",
    FileMetadataError: "hub_failed",
    RuntimeError: "hub_failed",  # an upload of one file that failed, whatever the reason
    ValueError: "hub_failed",  # an answer that is none of the Hub's
    KeyError: "hub_failed",
}
LOCAL_RECORDS = ".cache"  # where huggingface_hub notes what it fetched into a folder


def push_to_hub(
    run: Run,
    repository: str,
    *,
    token: str | None = None,
    ask: Callable[[], str] | None = None,
    private: bool = False,
    endpoint: str | None = None,
) -> str:
    """Put a finished run into the model repository `repository` ("USER/NAME"), which is made if it is not there.

    Args:
        run: every file of it is read and verified first.
        repository: where to.
        token: with write access; else the one that `hf auth login` or HF_TOKEN gave.
        ask: called for a token when there is none.
        private: whether a new repository is private.
        endpoint: of another Hub than the one HF_ENDPOINT names.

    Returns:
        The address of the commit.

    Raises:
        RunError: the run is unfinished or damaged, or the Hub cannot be reached, refuses the token or the name.
    """
    if not run.info.finished:
        raise RunError("run_unfinished", folder=run.folder, step=run.info.step, steps=run.config.steps)
    contents = {name: run.read(name) for name in run.files}
    contents[DESCRIPTION] = (run.folder / DESCRIPTION).read_bytes()
    contents[CARD] = _card(run, repository).encode()
    token = token or get_token() or (ask() if ask else "")
    if not token:
        raise RunError("hub_no_token")
    # As streams, which go by plain HTTP: runs are small, and Xet's chunks would need a second server.
    additions = [CommitOperationAdd(name, io.BytesIO(content)) for name, content in contents.items()]
    with spoken(repository, endpoint) as api:
        api.create_repo(repository, token=token, private=private, exist_ok=True)
        commit = api.create_commit(repository, additions, commit_message=f"Add {run.id}", token=token)
    return str(commit.commit_url)


def push_space(
    files: Mapping[str, bytes],
    repository: str,
    *,
    token: str | None = None,
    ask: Callable[[], str] | None = None,
    private: bool = False,
    endpoint: str | None = None,
) -> str:
    """Put files into the static Space `repository` ("USER/NAME"), which is made if it is not there.

    Args:
        files: content by path; the README's front matter says that the Space is static.
        repository, token, ask, private, endpoint: as in `push_to_hub`.

    Returns:
        The address of the commit.

    Raises:
        RunError: the Hub cannot be reached, refuses the token or the name.
    """
    token = token or get_token() or (ask() if ask else "")
    if not token:
        raise RunError("hub_no_token")
    additions = [CommitOperationAdd(name, io.BytesIO(content)) for name, content in files.items()]
    kind: dict[str, Any] = {"repo_type": "space", "token": token}
    with spoken(repository, endpoint) as api:
        api.create_repo(repository, space_sdk="static", private=private, exist_ok=True, **kind)
        stale = [
            CommitOperationDelete(name) for name in api.list_repo_files(repository, **kind) if _is_stale(name, files)
        ]
        commit = api.create_commit(repository, [*additions, *stale], commit_message="Publish an exploration", **kind)
    return str(commit.commit_url)


def _is_stale(name: str, files: Mapping[str, bytes]) -> bool:
    """Of what a Space holds: a file of an earlier exploration; the Hub's own ones stay."""
    return name.startswith("explorer/") and name not in files


def pull_from_hub(
    repository: str,
    into: Path = Path("runs"),
    *,
    revision: str | None = None,
    token: str | None = None,
    endpoint: str | None = None,
    tell: Callable[[str, int], None] | None = None,
) -> Run:
    """Fetch the run in the model repository `repository` ("USER/NAME") into the folder `into`/ID.

    Args:
        repository: where from.
        into: a folder of runs; only a run that is whole appears there.
        revision: branch, tag or commit.
        token: for a private repository; else the one that is stored, if there is one.
        endpoint: of another Hub than the one HF_ENDPOINT names.
        tell: called with name and size before each file is fetched.

    Raises:
        RunError: the Hub cannot be reached, has no such run, or what came is not one that is whole.
    """
    into.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".hub-", dir=into))
    try:
        with spoken(repository, endpoint) as api:
            info = api.model_info(repository, revision=revision, token=token, files_metadata=True)
            sizes = {file.rfilename: file.size or 0 for file in info.siblings or ()}
            if DESCRIPTION not in sizes:
                raise RunError("hub_no_run", repository=repository)
            # From here on one commit: the repository may change meanwhile.
            fetch(api, repository, [DESCRIPTION], sizes, fresh, info.sha, token, tell)
            names = [*named_files(fresh), *([CARD] if sizes.get(CARD, LONGEST_CARD) < LONGEST_CARD else [])]
            fetch(api, repository, names, sizes, fresh, info.sha, token, tell)
        shutil.rmtree(fresh / LOCAL_RECORDS, ignore_errors=True)
        return place(fresh, into)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def fetch(
    api: HfApi,
    repository: str,
    names: list[str],
    sizes: dict[str, int],
    folder: Path,
    commit: str | None,
    token: str | None,
    tell: Callable[[str, int], None] | None,
) -> None:
    """Files of one commit into a folder, each told of before; `sizes` are those of all that the repository holds.

    Raises:
        RunError: one is missing, or they are too large together.
    """
    if missing := [name for name in names if name not in sizes]:
        raise RunError("run_file_missing", path=f"{repository}/{missing[0]}")
    if sum(sizes[name] for name in names) > MOST_BYTES:
        raise RunError("hub_too_large", repository=repository, limit=MOST_BYTES // 10**6)
    for name in names:
        if tell:
            tell(name, sizes[name])
        api.hf_hub_download(repository, name, revision=commit, token=token, local_dir=folder)


@contextmanager
def spoken(repository: str, endpoint: str | None) -> Iterator[HfApi]:
    """The Hub, with whatever goes wrong there as one sentence."""
    where = endpoint or constants.ENDPOINT
    logger = logging.getLogger("huggingface_hub")
    level = logger.level
    logger.setLevel(logging.ERROR)  # its warnings are about choices made here on purpose
    try:
        yield HfApi(endpoint=where)
    except tuple(SENTENCES) as error:
        code = next(code for kind, code in SENTENCES.items() if isinstance(error, kind))
        if type(error) is RuntimeError and not str(error).startswith("Error while uploading"):
            raise
        status: object = "what is no answer of a Hub"
        if isinstance(error, HfHubHTTPError) and error.response is not None:
            status = error.response.status_code
            code = "hub_refused" if code == "hub_failed" and status in (401, 403) else code
        raise RunError(code, repository=repository, got=repository, endpoint=where, status=status) from error
    finally:
        logger.setLevel(level)


def _card(run: Run, repository: str) -> str:
    """The run's own card, which says how to get it from there."""
    path = run.folder / CARD
    text = path.read_text() if path.exists() else f"# {run.id}\n"
    return f"{text}\n## From the Hub\n\n```\npython -m explorer pull {repository}\n```\n"
