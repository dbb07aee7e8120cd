"""Handlers as plain functions, and the Blocks around them."""

from __future__ import annotations

import gc
import importlib
import json
from types import SimpleNamespace

import gradio as gr
import pytest

from explorer.ui.page import server
from explorer.ui.page.layout import answer, build, on_commit, on_load
from explorer.ui.page.server import settings
from explorer.ui.page.tabs import TABS
from explorer.ui.view import View
from explorer.ui.view.languages import browser_language
from tests.ui.conftest import EMA, FACES_VAE, FACES_VQ, GRADIENT, VAE, fashion_view


def request(language="en-GB,en;q=0.9", **query):
    return SimpleNamespace(headers={"accept-language": language}, query_params=query)


def shown(result):
    return result[0]["scene"]["view"], result[0]["query"]


def test_the_default_page_asks_for_nothing_more():
    skipped = [gr.skip()] * (2 + len(TABS))  # the bridge, the tabs' labels, the open tab
    assert on_load(request()) == skipped
    assert on_load(request(__theme="dark", utm="x")) == skipped


def test_a_link_is_restored_on_load():
    result = on_load(request(right=GRADIENT, image="17", lang="zh"))
    view, query = shown(result)
    assert (view["right"], view["image"], view["lang"]) == (GRADIENT, 17, "zh")
    assert query == f"v=2&data=fashion&left={VAE}&right={GRADIENT}&tab=latent&image=17&lang=zh"
    assert [update["label"] for update in result[1:3]] == ["开始", "隐空间"]


def test_a_chinese_browser_gets_chinese_unless_the_link_says_otherwise():
    assert shown(on_load(request("zh-CN,zh;q=0.9,en;q=0.8")))[0]["lang"] == "zh"
    assert shown(on_load(request("zh-CN", lang="en"))) == (
        vars(View(tab="start")),
        f"v=2&data=faces&left={FACES_VAE}&right={FACES_VQ}&tab=start&lang=en",
    )


def test_a_hostile_link_is_answered_with_notes():
    result = on_load(request(right="<script>", image="1e9", z="nan"))
    assert shown(result) == (
        vars(fashion_view(tab="latent")),
        f"v=2&data=fashion&left={VAE}&right={EMA}&tab=latent",
    )
    assert len(result[0]["scene"]["notes"]) == 3


def test_a_commit_is_answered_with_its_own_number():
    result = on_commit({"view": {"image": 9, "z": [0.5, -1], "lang": "en"}, "serial": 41}, request())
    view, query = shown(result)
    assert (view["image"], view["z"]) == (9, (0.5, -1.0))
    assert query == f"v=2&data=faces&left={FACES_VAE}&right={FACES_VQ}&tab=start&image=9&z=0.5,-1"
    assert result[0]["serial"] == 41


@pytest.mark.parametrize(
    "payload", [None, 7, "x", [], {}, {"view": 3}, {"view": {"image": {"a": []}}, "serial": "9"}, {"serial": True}]
)
def test_whatever_is_posted_is_answered(payload):
    result = on_commit(payload, request())
    json.dumps(result, allow_nan=False)
    assert shown(result)[0] == vars(View(tab="start"))


@pytest.mark.parametrize(
    "header, lang",
    [
        ("", "en"),
        ("zh", "zh"),
        ("zh-Hans-CN", "zh"),
        ("zh-TW;q=0.5,en;q=0.9", "en"),
        ("fr,zh;q=0.3,en;q=0.2", "zh"),
        ("fr,de", "en"),
        ("zh;q=0", "en"),
        ("zh;q=x,en", "en"),
        (",;q=,;", "en"),
        ("zh," * 10_000, "zh"),
    ],
)
def test_the_browsers_language(header, lang):
    assert browser_language(header) == lang


@pytest.fixture
def config():
    """What the browser gets."""
    return build().get_config_file()


def test_the_first_scene_is_part_of_the_page(config):
    values = [c["props"].get("value") for c in config["components"] if c["props"].get("elem_id") == "ex-answer"]
    assert values == [json.loads(json.dumps({"scene": answer({}, 0, "en")[0]["scene"], "query": None, "serial": 0}))]


def test_questions_and_answers_travel_in_different_components(config):
    """One component for both would send a held-back answer back as a question."""
    commit = next(d for d in config["dependencies"] if any(event == "commit" for _, event in d["targets"]))
    assert set(commit["inputs"]).isdisjoint(commit["outputs"])
    assert commit["trigger_mode"] == "always_last"
    assert commit["queue"] is False


def test_launch_settings_that_matter():
    chosen = settings()
    assert chosen["run_history"] is False
    assert chosen["enable_monitoring"] is False
    assert chosen["strict_cors"] is True
    assert "modulepreload" in chosen["head"]
    assert "http" not in chosen["head"]


def test_what_is_imported_at_start_is_not_looked_through_again(monkeypatch):
    for name in ("OMP_NUM_THREADS", "GRADIO_ANALYTICS_ENABLED", "HF_HUB_DISABLE_TELEMETRY"):
        monkeypatch.setenv(name, "1")  # app.py sets them as it is imported
    app = importlib.import_module("app")
    try:
        assert app.imported() is server.launch
        assert gc.isenabled()
        assert gc.get_freeze_count() > 100_000
    finally:
        gc.unfreeze()
