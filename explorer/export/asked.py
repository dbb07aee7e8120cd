"""What each part of the page asks of Python, for the Views of one pair of runs: see the part's own script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from explorer.data import examples
from explorer.export.answers import Offered, Params, Question, view_of
from explorer.ui.computed import catalog, influenced
from explorer.ui.questions.params import Params as Asked
from explorer.ui.questions.study import answer as study_answer
from explorer.ui.scene.between import pair_of
from explorer.ui.view import RULES, WINDOWS

COLUMNS, STEPS, SIZES = ("1", "2", "3"), ("log", "linear"), range(6)


def between(offered: Offered) -> Iterator[Params]:
    """between/rows.js: from each picture to the one it stands beside first."""
    by_kind = {offered.scenes["latent"]["sides"][side]["kind"]: run for side, run in offered.shown("latent").items()}
    for image, other in _usual_pairs(offered):
        yield {"data": offered.chosen.data, "image": image, "image_b": other, **by_kind}


def _usual_pairs(offered: Offered) -> Iterator[tuple[int, int]]:
    for image in offered.chosen.images:
        yield pair_of(replace(offered.view, image=image))
    for other in offered.chosen.images:
        if other != offered.view.image:
            yield offered.view.image, other


def codebook_curves(offered: Offered) -> Iterator[Params]:
    """codebook/curves.js."""
    sides = offered.scenes["codebook"]["codebook"]["sides"]
    runs = {side: found["run"] for side, found in sides.items() if found and found["run"]}
    if not runs:
        return
    for rule in RULES:
        for windows in WINDOWS:
            for columns in COLUMNS:
                for steps in STEPS:
                    yield {
                        **runs,
                        "rule": rule,
                        "windows": str(windows),
                        "starved": offered.view.starved,
                        "columns": columns,
                        "steps": steps,
                    }


def collapse_example(_: Offered) -> Iterator[Params]:
    """codebook/report.js."""
    yield from ({"example": name} for name in examples.NAMES)


def guide(offered: Offered) -> Iterator[Params]:
    """guide/panel.js and guide/prediction.js."""
    for step in offered.chosen.steps:
        for part in ("doubt", "answer"):
            yield {"step": step - 1, "part": part, "view": view_of(offered, guide=step)}


def influence(offered: Offered) -> Iterator[Params]:
    """workbench/answers.js."""
    shown = offered.shown("latent")
    if "left" in shown:
        run = catalog.run(shown["left"])
        yield from ({"run": run.id, "unit": unit} for unit in range(influenced.units(run)))
    if "right" in shown:
        run = catalog.run(shown["right"])
        yield {"run": run.id}
        yield from ({"run": run.id, "cell": cell} for cell in range(run.model.shape.grid**2))


def information(offered: Offered) -> Iterator[Params]:
    """workbench/information.js."""
    if run := offered.shown("latent").get("right"):
        yield {"run": run}


def roughness(offered: Offered) -> Iterator[Params]:
    """between/rough.js."""
    sides = offered.scenes["latent"]["sides"]
    runs = {sides[side]["kind"]: run for side, run in offered.shown("latent").items()}
    if {"ae", "vae"} <= runs.keys():
        yield from ({"ae": runs["ae"], "vae": runs["vae"], "size": size} for size in SIZES)


def study(_: Offered) -> Iterator[Params]:
    """codebook/study.js."""
    sizes = study_answer(Asked({"size": ""}))["sizes"]
    yield from ({"size": size} for size in ("", *(name for name, _ in sizes)))


ASKED: dict[str, Question] = {
    "between": Question(between),
    "codebook_curves": Question(codebook_curves),
    "collapse_example": Question(collapse_example),
    "guide": Question(guide),
    "influence": Question(influence, plain=True),
    "information": Question(information, plain=True),
    "roughness": Question(roughness),
    "study": Question(study),
}
