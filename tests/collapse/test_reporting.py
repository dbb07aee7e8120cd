"""The collapse report: codebooks made dead on purpose, which tensors are taken, and what is said of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from explorer import cli
from explorer.collapse.reporting import FINDINGS, CollapseReport, collapse_report
from explorer.data import examples
from explorer.errors import FileError
from explorer.metrics.collapse import near_duplicates, norm_spectrum, plane
from explorer.models import VectorQuantizer

EXAMPLES = examples.FOLDER


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def saved(path: Path, **arrays: np.ndarray) -> list[tuple[Path, str]]:
    np.savez(path / "x.npz", **arrays)  # type: ignore[arg-type]
    return [(path / "x.npz", "")]


def said(report: CollapseReport) -> set[str]:
    return {key for key, _ in report.shows}


def test_a_codebook_made_dead_on_purpose(tmp_path: Path):
    codebook = generator().normal(size=(64, 5)).astype("f4")
    codebook[40:] = codebook[3] + 1e-4 * generator(1).normal(size=(24, 5))
    indices = generator(2).integers(0, 40, (50, 20))
    report = collapse_report(saved(tmp_path, codebook=codebook, indices=indices))
    assert report.usage is not None
    assert report.duplicates is not None
    assert (report.usage.used, report.usage.dead) == (40, 24)
    counts = np.bincount(indices.ravel(), minlength=64) / indices.size
    p = counts[counts > 0]
    assert report.usage.perplexity == pytest.approx(np.exp(-(p * np.log(p)).sum()))
    assert report.duplicates.distinct == 40
    assert {"dead", "duplicates"} <= said(report)
    assert report.hits is not None
    assert np.flatnonzero(np.array(report.hits) == 0).tolist() == list(range(40, 64))


def test_the_snippets_and_sonnets_starts_leave_their_marks(tmp_path: Path):
    for start, mark in (("snippet", "far"), ("sonnet", "zero")):
        from explorer.models.codebook_updates import EMAUpdate

        quantizer = VectorQuantizer(32, 4, update=EMAUpdate(start=start), init="normal")
        data = 0.1 * torch.randn(3000, 4, generator=torch.Generator().manual_seed(0)) + 3
        out = quantizer(data)
        files = saved(tmp_path, codebook=quantizer.codebook.numpy(), indices=quantizer.nearest(data).numpy())
        assert out.counts.min() == 0
        assert mark in said(collapse_report(files))


def test_a_bare_codebook_has_no_counts_and_bare_indices_no_vectors(tmp_path: Path):
    np.save(tmp_path / "c.npy", generator().normal(size=(300, 3)))
    np.save(tmp_path / "i.npy", generator().integers(0, 9, 60))
    bare = collapse_report([(tmp_path / "c.npy", "")])
    assert (bare.usage, bare.hits) == (None, None)
    assert "no_counts" in {key for key, _ in bare.cannot_tell}
    indices = collapse_report([(tmp_path / "i.npy", "")])
    assert (indices.size, indices.plane, indices.norms) == (None, None, None)
    assert indices.usage is not None
    assert (indices.usage.codes, indices.usage.known) == (9, False)
    assert {"at_least", "few_vectors"} <= said(indices)
    assert "no_vectors" in {key for key, _ in indices.cannot_tell}
    both = collapse_report([(tmp_path / "i.npy", ""), (tmp_path / "c.npy", "")])
    assert both.usage is not None
    assert both.usage.codes == 300


def test_an_ignored_index_is_not_counted(tmp_path: Path):
    np.save(tmp_path / "i.npy", np.array([[0, 1, 1, -100], [2, -100, -100, -100]]))
    usage = collapse_report([(tmp_path / "i.npy", "")], num_embeddings=4, ignore=-100).usage
    assert usage is not None
    assert (usage.num_vectors, usage.used, usage.dead, usage.sorted) == (4, 3, 1, (2, 1, 1, 0))
    np.save(tmp_path / "i.npy", np.full(5, 7))
    with pytest.raises(FileError, match="nothing is left"):
        collapse_report([(tmp_path / "i.npy", "")], ignore=7)


def test_a_checkpoint_offers_its_tensors(tmp_path: Path):
    tensors = {f"layer{k}.weight": torch.randn(8, 8) for k in range(4)}
    save_file(tensors, tmp_path / "m.safetensors")
    files = [(tmp_path / "m.safetensors", "")]
    with pytest.raises(FileError, match=r"choose with --key one of layer0.weight \(8, 8\) float32, layer1"):
        collapse_report(files)
    assert collapse_report(files, keys=["layer2.weight"]).sources == ("layer2.weight (8, 8) float32",)
    with pytest.raises(FileError, match="no tensor called 'nope': choose one of layer0"):
        collapse_report(files, keys=["nope"])
    save_file(
        tensors | {"quantizer.codebook": torch.randn(1, 16, 3), "steps": torch.tensor(5)}, tmp_path / "m.safetensors"
    )
    report = collapse_report(files)
    assert report.size == (16, 3)
    assert report.usage is None


def test_near_duplicates_against_brute_force_and_in_a_sample():
    codebook = generator().normal(size=(700, 4)).astype("f4")
    codebook[200:230] += 0.0
    codebook[300:] = codebook[generator(3).integers(0, 300, 400)] * np.float32(1 + 1e-4)
    found = near_duplicates(codebook)
    leaders: list[np.ndarray] = []
    for code in codebook.astype(np.float64):
        if all(np.linalg.norm(code - other) > found.tolerance for other in leaders):
            leaders.append(code)
    assert found.distinct == len(leaders) == 300
    big = near_duplicates(np.repeat(generator().normal(size=(50, 2)).astype("f4"), 200, axis=0))
    assert (big.compared, big.distinct) == (8192, 50)


def test_one_far_code_does_not_hide_the_others():
    codebook = generator().normal(size=(100, 2)).astype("f4")
    codebook[0] = 1e6
    used = np.ones(100, bool)
    used[0] = False
    assert near_duplicates(codebook, used).distinct == 100
    assert norm_spectrum(codebook, used).far == 1


def test_identical_codes_are_one():
    assert near_duplicates(np.ones((40, 3), "f4")).distinct == 1
    assert near_duplicates(np.zeros((1, 1), "f4")).distinct == 1


def test_the_plane_is_that_of_the_leading_components():
    points = generator().normal(size=(500, 6)) * np.array([5, 3, 0.1, 0.1, 0.1, 0.1])
    rotation, _ = np.linalg.qr(generator(1).normal(size=(6, 6)))
    drawn = plane((points @ rotation).astype("f4"))
    centred = points @ rotation - (points @ rotation).mean(0)
    values = np.linalg.eigvalsh(centred.T @ centred)
    assert drawn.explained == pytest.approx(values[-2:].sum() / values.sum(), rel=1e-5)
    np.testing.assert_allclose((drawn.points**2).sum(0), values[:-3:-1], rtol=1e-4)
    flat = generator().normal(size=(9, 2)).astype("f4")
    np.testing.assert_array_equal(plane(flat).points, flat)
    assert plane(flat[:, :1]).points.shape == (9, 2)


#: The others are records of trainings, which `explorer.reports.diagnosis` reads.
REPORTED = sorted(example.file for example in examples.NAMES.values() if not example.file.endswith(".zip"))


@pytest.mark.parametrize("name", sorted(example.file for example in examples.NAMES.values()))
def test_every_example_is_small(name: str):
    assert (EXAMPLES / name).stat().st_size < 200_000


@pytest.mark.parametrize("name", REPORTED)
def test_every_example_can_be_read(name: str):
    report = collapse_report([(EXAMPLES / name, "")], ignore=-1)
    assert report.shows


def test_there_is_an_example_of_each_kind():
    reports = [collapse_report([(EXAMPLES / name, "")], ignore=-1) for name in REPORTED]
    assert {(report.size is not None, report.usage is not None) for report in reports} == {
        (True, True),
        (True, False),
        (False, True),
    }


def test_the_command_prints_text_and_json_and_one_line_for_what_it_cannot_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    assert cli.main(["report", str(EXAMPLES / "gradient-d64.npz")]) == 3, "a collapse"
    text = capsys.readouterr().out
    assert "dead             416" in text
    assert cli.main(["report", str(EXAMPLES / "gradient-d64.npz"), "--json"]) == 3
    values = json.loads(capsys.readouterr().out)
    assert values["usage"]["dead"] == 416
    assert values["size"] == [512, 64]
    assert len(values["plane"]["points"]) == 512
    assert all(isinstance(sentence, str) for sentence in values["shows"] + values["cannot_tell"])
    assert values["verdict"] == "collapse"
    assert cli.main(["report", str(EXAMPLES / "ema-d2-codebook.safetensors")]) == 0
    capsys.readouterr()
    bad = ["--num-embeddings=-5", "--num-embeddings=0", "--num-embeddings=2e10", "--num-embeddings=20000000000"]
    for words in ([str(tmp_path / "a.pt")], *([str(EXAMPLES / "gradient-d64.npz"), flag] for flag in bad)):
        assert cli.main(["report", *words]) == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_a_reader_who_has_enough_ends_the_command_quietly():
    words = ["report", str(EXAMPLES / "gradient-d64.npz"), "--json"]
    command = [sys.executable, "-m", "explorer", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()  # as `head` does
        assert started.stderr.read() == ""
    assert started.returncode == 0


def test_every_finding_can_be_said():
    import ast

    import explorer.collapse

    files = [Path(collapse_report.__code__.co_filename), *Path(explorer.collapse.__file__).parent.glob("*.py")]
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text()))]
    strings = [node.value for node in nodes if isinstance(node, ast.Constant)]
    assert [key for key in FINDINGS if strings.count(key) < 2] == []


def test_a_transposed_codebook_gets_no_all_clear(tmp_path: Path):
    """(D, K) = (64, 1024): indices up to 63 fit its rows, and would call every "code" used."""
    codebook = generator().normal(size=(64, 1024)).astype("f4")
    fits = collapse_report(saved(tmp_path, codebook=codebook, indices=np.arange(6400) % 64))
    assert fits.shows[0] == ("transposed", {"codes": 64, "dim": 1024})
    assert collapse_report(saved(tmp_path, codebook=codebook)).shows[0][0] == "transposed"
    with pytest.raises(FileError, match=r"64 codes of 1024 numbers, but an index reaches 1000: .*save codebook.T"):
        collapse_report(saved(tmp_path, codebook=codebook, indices=np.array([3, 1000, 70])))
    with pytest.raises(FileError, match="an index reaches 1024 where 64 codes"):
        collapse_report(saved(tmp_path, codebook=codebook, indices=np.array([3, 1024])))
    with pytest.raises(FileError, match=r"\(64, 4096\): if that is \(D, K\), save codebook.T"):
        collapse_report(saved(tmp_path, codebook=np.tile(codebook, 4)))
    right = collapse_report(saved(tmp_path, codebook=codebook.T.copy(), indices=np.arange(6400) % 64))
    assert "transposed" not in said(right)


def test_indices_saved_as_floats_are_asked_for_as_integers(tmp_path: Path):
    np.save(tmp_path / "i.npy", np.arange(60.0))
    np.save(tmp_path / "c.npy", generator().normal(size=(300, 3)))
    for files in ([(tmp_path / "i.npy", "")], [(tmp_path / "c.npy", ""), (tmp_path / "i.npy", "")]):
        with pytest.raises(FileError, match=r"i.npy holds floats of shape \(60,\): .* indices must be integers"):
            collapse_report(files)
    np.save(tmp_path / "i.npy", np.arange(60.0).reshape(20, 3) % 7)
    assert "whole" in said(collapse_report([(tmp_path / "i.npy", "")]))
    assert "whole" not in said(collapse_report([(tmp_path / "c.npy", "")]))


def test_short_dead_codes_and_padding_are_remarked(tmp_path: Path):
    codebook = np.concatenate([np.full((8, 2), 3.0), np.full((8, 2), 0.01)]).astype("f4")
    codebook += 1e-3 * generator().normal(size=codebook.shape).astype("f4")
    indices = np.append(np.arange(800) % 8, [-1] * 9)
    shows = dict(collapse_report(saved(tmp_path, codebook=codebook, indices=indices), ignore=-1).shows)
    assert shows["ignored"] == {"ignored": 9, "index": -1}
    assert shows["short"]["used"] == pytest.approx(3 * 2**0.5, rel=1e-2)
    assert shows["short"]["dead"] == pytest.approx(0.01 * 2**0.5, rel=0.2)
    even = collapse_report(saved(tmp_path, codebook=codebook, indices=np.arange(80) % 16))
    assert {"short", "ignored"}.isdisjoint(said(even))


def test_a_file_is_called_what_its_owner_calls_it(tmp_path: Path):
    np.save(tmp_path / "file0.npy", np.arange(60))
    (tmp_path / "file0.npy").rename(tmp_path / "file0")
    assert collapse_report([(tmp_path / "file0", "my codes.npy")]).sources == ("my codes.npy (60,) int64",)
    (tmp_path / "file0").write_bytes((tmp_path / "file0").read_bytes()[:-8])
    with pytest.raises(FileError, match=r"my codes\.npy claims"):
        collapse_report([(tmp_path / "file0", "my codes.npy")])
