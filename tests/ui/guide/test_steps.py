"""Every step of the guide: its place, its question and what it answers, on the shipped runs and without them."""

from __future__ import annotations

import math
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import explorer.runs.shelf
from explorer.metrics.smoothness import Estimate
from explorer.runs import load_run
from explorer.studies.plan import Cell
from explorer.studies.summary import CellSummary
from explorer.ui import questions
from explorer.ui.computed import catalog, one_step
from explorer.ui.computed.roughness import Compared, Rough
from explorer.ui.guide import STEPS, roles_of
from explorer.ui.guide.formula import formula
from explorer.ui.guide.steps import beta, between, dead, ema, grid, plane, sampling, vae, worlds
from explorer.ui.page.tabs import TABS
from explorer.ui.scene.guide import guide_of, guided, place_of
from explorer.ui.text import TEXTS
from explorer.ui.view import GUIDE_STEPS, LANGUAGES, default_view, from_query
from tests.oracles import frame_at
from tests.ui.conftest import AE, EMA, GRADIENT, REPORT, VAE, fashion_view, store

CHECKPOINTS = Path(__file__).resolve().parents[3] / "checkpoints"
NUMBERS = range(1, len(STEPS) + 1)


@pytest.fixture
def shipped(monkeypatch):
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", CHECKPOINTS)


@pytest.fixture
def nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", tmp_path)


def at(number, data="fashion", lang="en"):
    view = default_view(data, lang)
    return replace(view, **place_of(number, view))


def asked(number, view, part):
    return questions.answer("guide", {"lang": view.lang, "step": number - 1, "part": part, "view": asdict(view)})


def opened(view) -> Any:
    """The open step."""
    return guide_of(view).open


def answered(step, roles) -> Any:
    return step.answer(roles)


@pytest.fixture(autouse=True)
def roughness(monkeypatch):
    """A thousand steps in two latents take seconds, and are tested elsewhere: here the AE is the rougher one."""
    monkeypatch.setattr(plane, "compared", lambda _ae, _vae, size: rough(0.2, (0.02, 0.06)) if size else rough(0.8))


def rough(ae, apart=(0.0, 0.0)):
    """What was compared: the AE's share ± 1 %, and the interval of its difference from the VAE."""
    minds = [Estimate(ae, ae - 0.01, ae + 0.01), Estimate(0.16, 0.15, 0.17), Estimate(sum(apart) / 2, *apart)]
    of_ae, of_vae, difference = (Rough(mind, mind) for mind in minds)
    return Compared(of_ae, of_vae, difference, images=500, steps=1000)


def test_the_view_knows_how_many_steps_there_are():
    assert len(STEPS) == GUIDE_STEPS
    assert len({step.name for step in STEPS}) == GUIDE_STEPS


@pytest.mark.parametrize("data", ["fashion", "emoji", "faces"])
@pytest.mark.parametrize("number", NUMBERS)
def test_a_step_sets_a_view_that_a_link_restores(shipped, number, data):
    view = at(number, data)
    again, notes = from_query(dict(pair.split("=") for pair in view.to_query().split("&")))
    assert (again, notes) == (view, ())
    assert view.guide == number
    assert view.tab in {tab.name for tab in TABS}
    assert {view.left, view.right} <= {info.id for info in catalog.runs_of(data)}
    shown = opened(view)
    assert shown.trouble == ""
    assert shown.place == place_of(number, view)
    assert shown.elsewhere == ""


@pytest.mark.parametrize("data", ["fashion", "faces"])
@pytest.mark.parametrize("number", NUMBERS)
def test_a_step_answers_with_what_was_measured(shipped, number, data):
    view = at(number, data)
    shown, found = opened(view), asked(number, view, "answer")
    assert found["ok"], found
    assert len(found["said"]) > 20
    if shown.asked.options:
        assert found["truth"] in dict(shown.asked.options)
    else:
        assert 0 <= found["truth"] <= shown.asked.high
    after = from_query(asdict(view) | found["place"])
    assert after[1] == ()
    if STEPS[number - 1].doubt:
        said = asked(number, view, "doubt")["said"]
        assert said
        chinese = asked(number, replace(view, lang="zh"), "doubt")["said"]
        assert chinese != said
    assert opened(replace(view, lang="zh")).asked.stamp == shown.asked.stamp


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("number", NUMBERS)
def test_what_was_not_measured_is_a_sentence(number, lang):
    """The runs of these tests kept no film and hardly a figure."""
    view = at(number, lang=lang)
    shown = opened(view)
    assert shown.title
    for part in ("answer", "doubt"):
        found = asked(number, view, part)
        assert found.get("said") or found.get("error") or (part == "doubt" and not shown.note)


@pytest.mark.parametrize("number", NUMBERS)
def test_without_any_run_a_step_says_how_to_get_one(nothing, number):
    view = at(number)
    shown = opened(view)
    assert "python -m explorer" in shown.trouble or shown.asked  # the study needs no run
    assert shown.place["tab"] == STEPS[number - 1].tab


def test_what_the_view_shows_plays_its_part():
    """Questions are about what is on the screen where it fits, else about the step's own run."""
    assert roles_of(fashion_view(right=GRADIENT)).id("vq") == GRADIENT
    assert roles_of(fashion_view(left=AE)).id("vae") == VAE
    assert roles_of(fashion_view(left=GRADIENT, right=EMA)).id("gradient") == GRADIENT
    assert roles_of(fashion_view(right=GRADIENT)).usual("vq") == EMA


def number_of(name):
    """A step by its name: their order may change."""
    return next(number for number, step in enumerate(STEPS, 1) if step.name == name)


def test_a_link_with_a_step_alone_opens_it_as_the_guide_sets_it_up(shipped):
    number = str(number_of("dead"))
    opened = guided({"guide": number, "lang": "zh"}, "en")
    assert (opened["tab"], opened["lang"]) == ("codebook", "zh")
    assert opened["left"].endswith("d64-k512-ema-s0")
    assert guided({"guide": number, "tab": "latent"}, "en") == {"guide": number, "tab": "latent"}
    assert guided({"guide": "99"}, "en") == {"guide": "99"}
    assert guided({"image": "3"}, "en") == {"image": "3"}
    assert {"tab=latent", "guide=3"} <= set(fashion_view(guide=3).to_query().split("&"))


def test_another_report_makes_another_sentence(tmp_path, monkeypatch):
    """Nothing is typed into the words: retrain a run, and the guide says something else."""
    said = {}
    for psnr in (10.0, 15.26, 20.0):
        root = tmp_path / str(psnr)
        for run, model in ((AE, "ae"), (VAE, "vae")):
            monkeypatch.setitem(REPORT, "psnr_of_mean_db", psnr if model == "ae" else 15.26)
            store(root, run, model=model)
        monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", root)
        said[psnr] = plane._closer(roles_of(at(number_of("plane"))))
    assert [lines[-1].key.rpartition(".")[2] for lines in said.values()] == ["vae", "tie", "ae"]
    assert said[20.0][0].params == {"ae": "20.00", "vae": "15.26"}


@pytest.mark.parametrize(
    "ae, apart, jump, verdicts",
    [
        (0.2, (0.02, 0.06), 0.8, ["rougher", "ordered"]),
        (0.2, (-0.06, -0.02), 0.8, ["smoother", "ordered"]),
        (0.5, (-0.02, 0.02), 0.8, ["unsettled", "anywhere"]),
    ],
)
def test_what_is_said_of_the_aes_plane_follows_the_intervals(monkeypatch, ae, apart, jump, verdicts):
    monkeypatch.setattr(plane, "compared", lambda _ae, _vae, size: rough(ae, apart) if size else rough(jump))
    found = answered(plane.STEP, roles_of(at(number_of("plane"))))
    assert [line.key for line in found.lines[1:]] == [f"guide.plane.{verdict}" for verdict in verdicts]
    assert found.truth == pytest.approx(100 * ae)


# --- the numbers, counted again


def test_points_within_the_priors_radius(shipped):
    assert worlds._radius(2) == pytest.approx(2.4477, abs=1e-4)
    assert worlds._radius(16) == pytest.approx(math.sqrt(26.296), abs=2e-2)  # tables of chi-square
    answer = answered(worlds.STEP, roles_of(at(number_of("worlds"))))
    assert 50 < answer.truth < 100


@pytest.mark.parametrize("data", ["fashion", "emoji"])
def test_dead_codes_are_followed_through_the_film(shipped, data):
    """Every number of the answer, from the hits alone; and the pair is one whose members differ."""
    view = at(number_of("dead"), data)
    answer = answered(dead.STEP, roles_of(view))
    traces = [load_run(run).trace for run in (view.left, view.right)]
    frame = int(np.flatnonzero(traces[0].frame_steps == view.step)[0])
    left, right = (trace.frames["hits"] == 0 for trace in traces)
    assert answer.truth == left[-1].sum()
    assert right[-1].sum() < left[-1].sum() - 100
    said = {key: value for each in answer.lines for key, value in each.params.items()}
    back = (left[frame] & ~left[frame:].all(0)).sum()
    counts = {"then": left[frame], "count": left[frame], "end": left[-1], "other": right[frame], "other_end": right[-1]}
    assert {key: said[key] for key in counts} == {key: f"{mask.sum():,}" for key, mask in counts.items()}
    assert said["back"] == f"{back:,}"
    assert [line.key for line in answer.lines[1:]] == ["guide.dead.back", "guide.dead.moved"]
    # "Nobody moved them": a code without hits stands where it stood, but for those hit between two recorded windows
    held = left[frame:].all(0)
    codebook = traces[0].frames["codebook"].astype(float)
    before, after = codebook[frame][held], codebook[-1][held]
    moved = np.linalg.norm(after - before, axis=1) / np.linalg.norm(before, axis=1)
    assert (moved < 1e-3).mean() > 0.99


LOSS_OF_CODES = "sg[ z_e ] − e_k"
RULES = {"gradient": ("gradient is exactly zero", "梯度恰好为零"), "ema": ("stands still", "原地不动")}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("lang", [0, 1])
def test_the_step_on_dead_codes_speaks_of_the_rule_that_is_on_the_left(shipped, rule, lang):
    left = f"fashion-vqvae-d64-k512-{rule}-s0"
    view = replace(at(number_of("dead")), left=left, right=f"{left[:-3]}-restart-s0", lang=("en", "zh")[lang])
    shown = opened(view)
    config = load_run(left).config
    assert config.codebook_update == rule
    assert (RULES["gradient"][lang] in shown.say) == (rule == "gradient")
    assert (RULES["ema"][lang] in shown.say) == (rule == "ema" and config.ema_start == "hold")
    assert (formula(f"L = ‖ x − x̂ ‖^2 + ‖ {LOSS_OF_CODES} ‖^2") in shown.formulas) == (rule == "gradient")
    assert (formula("n_k = 0 ⇒ Δe_k = 0") in shown.formulas) == (rule == "ema")
    assert f"β = {config.commitment_cost:g}" in shown.say


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_doubt_is_called_one_and_a_question_is_not(shipped, lang):
    called = {
        step.name: opened(replace(at(number), lang=lang)).note.partition({"en": ":", "zh": "："}[lang])[0]
        for number, step in enumerate(STEPS, 1)
        if step.doubt
    }
    doubt, asked = {"en": ("A doubt", "A question"), "zh": ("存疑", "提问")}[lang]
    assert called.pop("ema") == called.pop("between") == asked
    assert set(called.values()) == {doubt}


@pytest.mark.parametrize("data", ["fashion", "emoji"])
def test_rule_against_rule_is_asked_of_codebooks_like_those_on_the_screen(shipped, data):
    view = at(number_of("ema"), data)
    roles = roles_of(view)
    left, right = roles.codebooks()
    assert (left.config.codebook_update, right.config.codebook_update) == ("gradient", "ema")
    found = ema._asked(roles)[0].cell
    config = right.config
    assert (found.embedding_dim, found.num_embeddings, found.init) == (
        config.embedding_dim,
        config.num_embeddings,
        config.codebook_init,
    )
    shown = next(each for each in answered(ema.STEP, roles).lines if each.key == "guide.ema.shown")
    dead_codes = [str(run.report["codebook"]["dead"]) for run in (left, right)]
    assert [shown.params["left"], shown.params["right"]] == dead_codes
    assert dead_codes[0] != dead_codes[1]


@pytest.mark.parametrize("data", ["fashion", "emoji"])
def test_rows_of_the_gradient_that_are_zero(shipped, data):
    """Of a whole mini-batch, or a code that the film left out might have been chosen after all."""
    roles = roles_of(at(number_of("dead"), data))
    said = dead._doubt(roles)[0].params
    run = load_run(str(said["run"]))
    step = int(str(said["step"]).replace(",", ""))
    batch = one_step.mini_batch(run, frame_at(run.trace, step))
    assert len(batch.vectors) == run.config.batch_size * run.model.shape.grid**2
    chosen = np.square(batch.vectors[:, None] - batch.codebook[None]).sum(2).argmin(1)
    assert abs(int(str(said["unchosen"])) - (len(batch.codebook) - len(set(chosen.tolist())))) <= 1  # float16 ties


@pytest.mark.parametrize("data", ["fashion", "emoji"])
def test_silent_units_are_counted_in_the_reports(shipped, data):
    view = at(number_of("beta"), data)
    answer = answered(beta.STEP, roles_of(view))
    nats = load_run(view.left).report["kl_nats_per_unit"]
    assert answer.truth == sum(value < 0.01 for value in nats) > 0
    assert load_run(view.left).config.beta > 1


def test_where_beta_was_never_varied_the_step_uses_what_is_there(shipped):
    """The faces have no second β: the question is about the largest VAE, and its answer says that it stands alone."""
    view = at(number_of("beta"), "faces")
    assert view.left == "faces-vae-z16-s0"
    nats = load_run(view.left).report["kl_nats_per_unit"]
    for left in (view.left, "faces-vae-z2-s0"):
        answer = answered(beta.STEP, roles_of(replace(view, left=left)))
        assert [line.key for line in answer.lines] == ["guide.beta.measured", "guide.beta.alone"]
    assert answered(beta.STEP, roles_of(view)).truth == sum(value < 0.01 for value in nats)


@pytest.mark.parametrize("data", ["fashion", "emoji", "faces"])
def test_samples_of_an_unmatched_pair_are_called_that(shipped, data):
    """Told ten times as many bits, codes have the better start; a pair of like rates is not spoken of so."""
    view = at(number_of("sampling"), data)
    matched = place_of(number_of("blur"), view)["left"]
    said = [sampling._match(roles_of(replace(view, left=left))) for left in (view.left, matched)]
    assert [[line.key for line in lines] for lines in said] == [["guide.sampling.unfair"], []]


@pytest.mark.parametrize("run, chosen", [("residual4", 4), ("grouped2", 2)])
def test_each_level_and_each_group_of_a_cell_is_a_choice(shipped, run, chosen):
    vae, vq = load_run("faces-vae-z2-s0"), load_run(f"faces-vqvae-d2-k16-{run}-ema-s0")
    said = between._parted(vae, vq).params
    assert (said["numbers"], said["cells"], said["codes"]) == ("2", str(64 * chosen), "16")


def test_cells_that_two_images_share():
    roles = roles_of(replace(at(number_of("grid")), image=3, image_b=3))
    assert answered(grid.STEP, roles).truth == 49


def test_the_width_of_a_posterior_falls_into_its_bin():
    answer = answered(vae.STEP, roles_of(at(number_of("vae"))))
    assert answer.truth in vae.WIDTHS
    sigma = float(answer.lines[0].params["sigma"])
    assert sigma >= 0.95 * vae.WIDTHS[answer.truth]


def summary(rule, dead_codes):
    n = tuple(range(len(dead_codes)))
    return CellSummary(Cell("grid", "fashion", 64, 512, rule), n, dead_codes, (), (), (), ())


@pytest.mark.parametrize(
    "of_gradient, of_ema, fewer",
    [((5, 6), (1, 4), "ema"), ((1, 4), (5, 6), "gradient"), ((1, 5), (5, 6), "overlap"), ((3,), (3,), "overlap")],
)
def test_who_leaves_fewer_dead_codes(of_gradient, of_ema, fewer):
    assert ema._fewer((summary("gradient", of_gradient), summary("hold", of_ema))) == fewer


def test_the_half_life_of_an_average(shipped):
    assert 0.99 ** ema.half_life(0.99) == pytest.approx(0.5)
    steps, counts = ema.filmed_half_life(load_run(EMA)) or (0, 0)
    assert counts > 50
    assert steps == pytest.approx(ema.half_life(0.99), rel=0.05)


def test_every_sentence_of_a_step_is_named_by_it():
    """Titles, choices and notes have keys that are built from names: none may be missing, none left over."""
    for step in STEPS:
        keys = {key for key in TEXTS if key.startswith(f"guide.{step.name}.")}
        assert {f"guide.{step.name}.{part}" for part in ("title", "say", "try", "ask")} <= keys
        assert (f"guide.{step.name}.note" in keys) == bool(step.doubt)
        folded = {f"guide.{step.name}.more.{more.name}{end}" for more in step.more for end in ("", ".say")}
        assert {key for key in keys if ".more." in key} == folded
