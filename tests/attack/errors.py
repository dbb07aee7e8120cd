"""Every code of `explorer.errors.MESSAGES`: how a visitor meets it, or what rules out that it tells of another one.

A code that stands nowhere here fails `tests/attack/test_errors.py`: whoever adds one says who can be told it.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.attack.questions import CONFIG
from tests.ui.conftest import AE, EMA, VAE, VAE16, VQ64


def npy(values: NDArray[Any]) -> bytes:
    """A file of numpy's."""
    stream = io.BytesIO()
    np.save(stream, values)
    return stream.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip of files by name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


CODES, BOOK = npy(np.array([1, 1, 1, 1])), npy(np.ones((4, 3), "f4"))
VQ = CONFIG | {"model": "vqvae", "num_embeddings": 8}


def _of(**settings: Any) -> tuple[str, dict[str, Any]]:
    return "train_check", {"configs": [VQ | settings]}


#: code -> a question that is answered with it.
ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "ask_unknown": ("no_such_question", {}),
    "ask_parameter": ("decode", {"run": "no-such-run"}),
    "ask_pixels": ("closer", {"left": VAE, "right": EMA, "pixels": "AAAA"}),
    "ask_picture": ("encode", {"run": EMA, "picture": "no picture"}),
    "evidence_no_plane": ("posterior", {"run": VAE16, "image": 0}),
    "prior_missing": ("write", {"run": EMA, "written": 0, "codes": []}),
    "umap_busy": ("umap", {"run": VQ64, "action": "start"}),
    "umap_flat": ("umap", {"run": VAE, "action": "start"}),
    "image_set_unknown": _of(data="no-such-set"),
    "image_set_to_fetch": _of(data="mnist"),
    "config_choice": _of(model="gan"),
    "config_range": _of(steps=-1),
    "config_batch_too_large": _of(batch_size=60_000),
    "config_fsq_levels": _of(quantizer="fsq", num_embeddings=7, embedding_dim=2),
    "config_combination": _of(quantizer="simvq", codebook_init="kmeans"),
    "config_groups": _of(quantizer="grouped", groups=3, embedding_dim=4),
    "config_codebook_lr": _of(codebook_lr=0.1, codebook_update="ema"),
    "train_too_many_points": _of(quantizer="residual", levels=9),
    "train_pair_differs": ("train_check", {"configs": [CONFIG, CONFIG | {"data": "emoji"}]}),
    "train_job_unknown": ("train_command", {"job": "0" * 16, "do": "pause"}),
    "train_set_unknown": ("train_delete_set", {"set": "fashion"}),
    "train_prior_unknown": ("train_prior", {"run": AE}),
}
#: code -> a link that is shown with it as a note.
LINKED: dict[str, dict[str, str]] = {
    "view_choice": {"data": "no-such-set"},
    "view_run": {"left": "no-such-run"},
    "view_number": {"image": "-1"},
    "view_point": {"z": "99999,1"},
    "view_names": {"planes": "x"},
    "view_range": {"decay": "5"},
    "view_mine": {"mine": "zzz"},
    "view_hides_all": {"hide": "latent,reconstruct,codebook,collapse,generate,elbo,train,start"},
}
#: code -> a file for a report, its content, and what is said beside it.
REPORTED: dict[str, tuple[str, bytes, dict[str, Any]]] = {
    "tensor_file_pickle": ("model.pt", b"x", {}),
    "tensor_file_unknown": ("a.xyz", b"x", {}),
    "tensor_file_damaged": ("a.npy", b"\x93NUMPY", {}),
    "tensor_file_header_lies": ("a.safetensors", b"\xff" * 16, {}),
    "tensor_file_empty": ("x.npz", zipped({}), {}),
    "tensor_file_type": ("c.npy", npy(np.array(["a"])), {}),
    "tensor_empty": ("e.npy", npy(np.zeros((0, 3), "f4")), {}),
    "tensor_key_needed": ("x.npz", zipped({"a.npy": BOOK, "b.npy": npy(np.ones((5, 3), "f4"))}), {}),
    "tensor_key_unknown": ("i.npy", CODES, {"key": "zz"}),
    "indices_negative": ("i.npy", npy(np.array([-1, 2, 3])), {}),
    "indices_all_ignored": ("i.npy", CODES, {"ignore": 1}),
    "levels_unfit": ("i.npy", CODES, {"levels": 7}),
    "codebook_shape": ("c.npy", npy(np.ones((3, 2, 2, 2, 2), "f4")), {}),
    "codebook_not_finite": ("c.npy", npy(np.full((4, 3), np.nan, "f4")), {}),
    "record_zip_damaged": ("r.zip", b"x", {}),
    "record_zip_foreign": ("r.zip", zipped({"a": b"x"}), {}),
    "record_empty": ("r.zip", zipped({"run.json": b"{}"}), {}),
    "upload_too_large": ("c.npy", bytes(10), {"size": 10**10}),
}
#: code -> the zip of a run, and how many bytes are announced.
BROUGHT: dict[str, tuple[bytes, int | None]] = {
    "run_zip_damaged": (b"x", None),
    "run_zip_foreign": (zipped({"a": b"x"}), None),
    "run_foreign": (zipped({"run.json": b"{}", "model.safetensors": b"x"}), None),
    "upload_not_as_announced": (b"x", 5),
}
PROVOKED = ASKED.keys() | LINKED.keys() | REPORTED.keys() | BROUGHT.keys()

#: What only a command of the command line says, or a program that uses the package: modules below explorer/.
ELSEWHERE = (
    *("cli/", "data/build/", "data/debian.py", "export/", "runs/hub.py", "runs/record_hub.py"),
    *("studies/runner.py", "studies/member.py", "studies/recipes.py"),
    *("models/", "metrics/", "recorder.py", "recording/", "training/distributed.py", "data/image_set.py"),
)
#: Parameters that are rules of the server, or sizes, counts and settings of what the asker has just sent.
PLAIN_FIELDS = frozenset(
    (
        *("limit", "most", "seconds", "minutes", "fit", "times", "steps", "train", "days", "megabytes", "least"),
        *("kept", "files", "classes", "flat", "count", "kind", "black", "white", "columns", "rows", "values", "axes"),
        *("shape", "levels", "codes", "dim", "index", "num_embeddings", "expected", "got", "value", "ranks", "size"),
        *("last", "millions", "side", "splits", "readings", "encoding", "step", "epoch", "epochs"),
    )
)
#: Codes whose sentence names something, and why that is the asker's: of a file, a setting, a run or a job that the same
#: request sent or that the asker's token opens, or of the server's own folders, which hold nobody's name.
NAMES_ONES_OWN: dict[str, str] = {
    **dict.fromkeys(
        (
            *("own_source_missing", "own_source_empty", "own_zip_damaged", "own_too_many_files"),
            *("own_too_many_classes", "own_too_few", "own_too_few_good", "own_too_alike", "own_flat"),
            *("own_remark_alike", "own_name", "own_name_taken", "own_choice", "own_file_unreadable"),
            *("own_file_special", "own_file_link", "own_file_escapes", "own_file_encrypted", "own_file_method"),
            *("own_file_bomb", "own_file_large", "own_zip_unpacks", "own_file_damaged", "own_file_nested"),
            *("own_factors_unreadable", "own_factors_columns", "own_factors_missing", "own_factors_rows"),
            *("own_factors_values", "own_picture_none", "own_picture_svg", "own_picture_large", "own_picture_floats"),
        ),
        "a zip of pictures and a file in it, which the asker sends",
    ),
    **dict.fromkeys(
        (
            *("tensor_file_missing", "tensor_file_cut_off", "tensor_file_header_large", "tensor_axes"),
            *("indices_narrow", "report_number", "upload_unpacks", "report_ending", "report_not_written"),
            *("record_missing", "record_damaged", "record_too_new", "record_zip_arrays", "record_not_kept"),
            "replay_setting",
        ),
        "a file or a record that the asker sends or keeps",
    ),
    **dict.fromkeys(
        ("config_name", "config_unknown", "intervention_unknown", "intervention_other_model", "batch_shape"),
        "a setting that the asker sends",
    ),
    **dict.fromkeys(
        (
            *("train_not_writable", "train_damaged", "train_disk_full", "train_crashed", "train_not_now"),
            *("train_prior_ae", "train_prior_waits", "training_diverged", "train_home"),
        ),
        "a job of the asker's, or the server's home",
    ),
    **dict.fromkeys(
        (
            *("run_not_found", "run_name", "run_too_new", "run_damaged", "run_file_missing", "run_weights_mismatch"),
            *("run_not_writable", "run_finished", "run_unfinished", "run_too_large", "run_exists_already"),
            *("run_other_images", "runs_of_other_sets", "run_zip_images", "prior_other_weights"),
            *("prior_weights_mismatch", "run_no_film", "run_unmeasured", "atlas_too_large", "quantize_grid"),
            *("prior_many", "medium_unknown"),
        ),
        "a run by the id that the asker gave, which `Params.run` and media's keys open to those alone whose it is",
    ),
    **dict.fromkeys(
        (
            *("factors_unknown", "image_set_file_missing", "image_set_file_damaged", "image_set_manifest_damaged"),
            *("image_set_hash_mismatch", "stored_set_damaged", "cache_not_writable", "fetch_failed"),
            *("fetch_other_file", "published_damaged", "classifier_missing", "classifier_none"),
            *("classifier_damaged", "classifier_other_images"),
        ),
        "a set that everybody sees, or the asker's own",
    ),
    **dict.fromkeys(
        (
            *("burst_refused", "burst_quota", "umap_not_begun", "lender_busy", "lender_full", "lender_runs"),
            *("lender_pending", "lender_long", "lender_stopped", "lender_page", "lender_said"),
        ),
        "what the machine says of a process of the asker's",
    ),
}
