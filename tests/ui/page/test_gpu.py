"""What the tab Train and programs are told of a GPU that is lent, with the lender's own words in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from explorer import zerogpu
from explorer.jobs import service
from explorer.training.burst import Progress, Side
from explorer.training.config import RunConfig
from explorer.ui import questions
from explorer.ui.page import layout
from explorer.ui.page.gpu import answers, told
from explorer.ui.scene import scene
from explorer.ui.view import LANGUAGES, View, default_view

TOKEN = "c" * 32
TINY = {"model": "vqvae", "num_embeddings": 8, "width": 4, "steps": 4, "batch_size": 8}
#: As the package `spaces` says them.
USED_UP = "You have exceeded your free ZeroGPU quota (35s requested vs. 12s left). Try again in 1:02:03. Subscribe"
NONE_FREE = "No GPU was available after 60s"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(service, "start", lambda job, files: None)


@pytest.fixture
def lends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that lends what is there."""
    monkeypatch.setattr(zerogpu, "spaces", lambda: SimpleNamespace(GPU=lambda duration: lambda function: function))


def refuses(sentence: str) -> Any:
    def burst(sides: Sequence[Side], steps: int) -> Iterator[Progress]:
        if steps:
            raise gr.Error(sentence)
        yield Progress(0, 0, {})

    return burst


def started(where: str) -> dict[str, Any]:
    return questions.answer("train_start", {"configs": [TINY], "mine": TOKEN, "where": where})


@pytest.mark.usefixtures("lends")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_used_up_share_is_a_sentence_with_its_numbers(lang):
    job = started("gpu")["job"]
    asked = {"mine": TOKEN, "job": job, "lang": lang}
    (used_up,), (none_free,) = (list(told(refuses(said), asked)) for said in (USED_UP, NONE_FREE))
    assert (used_up["ok"], used_up["code"], used_up["job"]) == (False, "burst_quota", job)
    assert all(part in used_up["error"] for part in ("35", "12", "1:02:03"))
    assert "Subscribe" not in used_up["error"]
    assert none_free["code"] == "burst_refused"


#: As the package `spaces` says it, and a part of what the page says of it, in English and in Chinese.
REFUSALS = {
    NONE_FREE: ("no GPU is free", "没有空闲的 GPU"),
    "No GPU was available after 60s [Subscribe to Pro](https://huggingface.co) to get the highest priority": (
        "no GPU is free",
        "没有空闲的 GPU",
    ),
    "Space app has reached its GPU limit. Try re-running outside of examples": ("this Space has used", "这个 Space 的"),
    "You have exceeded your ZeroGPU runs limit. Subscribe": ("share of bursts", "份额已用完"),
    "You have too many ZeroGPU credits allocated to running tasks. Try again": ("under way", "正在进行的训练段太多"),
    "The requested GPU duration (90s) is larger than the maximum allowed": ("longer than", "允许的时长"),
    "GPU task aborted": ("stopped the burst", "中止了这段训练"),
    "Expired ZeroGPU proxy token": ("reload", "刷新页面"),
}


@pytest.mark.usefixtures("lends")
@pytest.mark.parametrize("said", REFUSALS)
def test_why_there_is_none_is_said_in_the_readers_language(said):
    job = started("gpu")["job"]
    for lang, expected in zip(("en", "zh"), REFUSALS[said], strict=True):
        (told_so,) = told(refuses(said), {"mine": TOKEN, "job": job, "lang": lang})
        assert told_so["code"] == "burst_refused"
        assert expected in told_so["error"]
        assert said.split("(")[0].rstrip(". ") not in told_so["error"]
    chinese = told_so["error"].replace("GPU", "").replace("CPU", "").replace("Space", "")
    assert re.search("[A-Za-z]", chinese) is None


@pytest.mark.usefixtures("lends")
def test_words_that_nobody_knows_are_quoted_as_the_lenders():
    asked = {"mine": TOKEN, "job": started("gpu")["job"]}
    english, chinese = (next(told(refuses("Cosmic rays."), asked | {"lang": lang}))["error"] for lang in ("en", "zh"))
    assert 'the lender said "Cosmic rays"' in english
    assert "出借方原话：“Cosmic rays”" in chinese


def test_programs_are_told_the_same():
    (said,) = answers(refuses(USED_UP), "{}", "", 3)
    assert said["code"] == "burst_quota"
    assert "1:02:03" in said["error"]


@pytest.mark.usefixtures("lends")
def test_a_job_for_the_lent_gpu_waits_for_its_bursts():
    job = service.find(TOKEN, started("gpu")["job"])
    assert service.spool.phase_of(job).name == "paused"


@pytest.mark.usefixtures("lends")
def test_a_burst_reports_to_the_page():
    from explorer.training.burst import burst

    job = started("gpu")["job"]
    said = list(told(burst, {"mine": TOKEN, "job": job}))
    assert said[-1] == {"ok": True, "step": 4, "last": 4, "over": True, "job": job}


@pytest.mark.parametrize(
    "asked", [None, [], {"job": 3}, {"mine": TOKEN, "job": "0" * 16}, {"mine": "x", "job": "0" * 16}]
)
def test_whatever_is_sent_is_answered_in_a_sentence(asked):
    (said,) = told(refuses(USED_UP), asked)
    assert said["ok"] is False
    assert said["code"] != "burst_quota"


@pytest.mark.usefixtures("lends")
def test_where_a_gpu_is_lent_the_page_offers_it():
    view = View(**{**vars(default_view()), "tab": "train"})
    found = scene(view).train
    assert found is not None
    assert found.lent > 0
    assert "ex-lender-ask" in {block.elem_id for block in layout.build().blocks.values()}


def test_elsewhere_nothing_of_it_is_there():
    view = View(**{**vars(default_view()), "tab": "train"})
    found = scene(view).train
    assert found is not None
    assert found.lent == 0
    assert started("gpu")["ok"] is False
    assert RunConfig.from_dict(TINY).steps == 4
    assert "ex-lender-ask" not in {getattr(block, "elem_id", None) for block in layout.build().blocks.values()}
