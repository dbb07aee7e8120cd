"""What each part of the page asks of Python, for the Views of one pair of runs: see the part's own script."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from itertools import product
from typing import Any

from PIL import Image

from explorer.data import examples
from explorer.export.answers import Offered, Params, Question, view_of
from explorer.export.selection import places
from explorer.metrics.rate import RUNGS
from explorer.reports import replay
from explorer.runs.priors import ladder
from explorer.ui.computed import catalog, influenced
from explorer.ui.computed.bounds import PARTS
from explorer.ui.computed.example_run import example_run
from explorer.ui.computed.pairs import shown_pair
from explorer.ui.computed.records import record_names, shown_names
from explorer.ui.computed.roughness import SIZES
from explorer.ui.computed.units import films_of
from explorer.ui.questions import answer
from explorer.ui.questions.example import RUN
from explorer.ui.questions.quantize import MOST_BITS
from explorer.ui.questions.rate_distortion import QUALITIES
from explorer.ui.questions.sharpness import MEASURES, SIDES
from explorer.ui.view import RULES, WINDOWS

COLUMNS, STEPS = ("1", "2", "3"), ("log", "linear")
#: Of the tab Generate: seeds whose samples are recorded, how many, and how many a question asks for.
SEEDS, MOST_SAMPLES, PART = (0, 1, 2), 64, 16
#: Thumbnails of an order (sharpness/enlarged.js).
SHOWN = 24
#: Units of a latent that the workbench can move.
MOST_UNITS = 16
#: Patches of a code (plane/patches.js), three rows of its sheet.
PATCHES = 60


def between(offered: Offered) -> Iterator[Params]:
    """between/rows.js: from each picture to the one beside it; of the opening pair, from the first one to each."""
    runs = _by_kind(offered)
    for image, other in _between_pairs(offered):
        yield {"data": offered.chosen.data, "image": image, "image_b": other, **runs}


def _by_kind(offered: Offered) -> dict[str, str]:
    sides = offered.scenes["latent"]["sides"]
    return {sides[side]["kind"]: run for side, run in offered.shown("latent").items()}


def _between_pairs(offered: Offered) -> Iterator[tuple[int, int]]:
    for image in offered.chosen.images:
        yield shown_pair(offered.view.data, image, offered.view.image_b)
        if offered.is_opening and image != offered.view.image:
            yield offered.view.image, image


def codebook_curves(offered: Offered) -> Iterator[Params]:
    """codebook/curves.js: under each rule and each window, for each width of the window and both scales.

    Records on the left are asked for beside the opening pair's right run alone.
    """
    sides = offered.scenes["codebook"]["codebook"]["sides"]
    runs = {side: found["run"] for side, found in sides.items() if found and found["run"]}
    if not runs:
        return
    shown = [runs]
    if offered.is_opening and "right" in runs:
        shown += [{"record": name, "right": runs["right"]} for name in shown_names()]
    for pair, rule, windows, columns, steps in product(shown, RULES, WINDOWS, COLUMNS, STEPS):
        starved = offered.view.starved
        yield {**pair, "rule": rule, "windows": str(windows), "starved": starved, "columns": columns, "steps": steps}


def collapse_example(offered: Offered) -> Iterator[Params]:
    """collapse/report.js."""
    yield from ({"example": name} for name in examples.NAMES)
    if example_run(offered.chosen.data) is not None:
        yield {"example": RUN, "data": offered.chosen.data}


def collapse_record(_: Offered) -> Iterator[Params]:
    """collapse/report.js: the records that the exploration is about."""
    yield from ({"record": name} for name in record_names())


def collapse_replay(_: Offered) -> Iterator[Params]:
    """collapse/replay.js: every setting of its form, of the example and of the exploration's records."""
    for record in ({}, *({"record": name} for name in record_names())):
        for rule, init, restart in product(replay.RULES, replay.INITS, (0, 1)):
            yield {**record, "rule": rule, "init": init, "restart": restart}


def class_link(_: Offered) -> Iterator[Params]:
    """page/class_link.js."""
    yield {}


def closer(offered: Offered) -> Iterator[Params]:
    """sharpness/enlarged.js."""
    if len(pair := offered.shown("reconstruct")) == len(SIDES):
        yield from ({**pair, "image": image} for image in offered.chosen.images)


def features(offered: Offered) -> Iterator[Params]:
    """features/features.js: of the runs of the tab Latent."""
    yield {"data": offered.chosen.data, **offered.shown("latent")}


def guide(offered: Offered) -> Iterator[Params]:
    """guide/panel.js and guide/prediction.js: of the opening pair, and of the pairs that a step sets up."""
    led = {(place.left, place.right): None for place in places(offered.chosen.opening, offered.chosen.steps)}
    if not (offered.is_opening or offered.pair in led):
        return
    for step, part in product(offered.chosen.steps, ("doubt", "answer")):
        yield {"step": step - 1, "part": part, "view": view_of(offered, guide=step)}


def influence(offered: Offered) -> Iterator[Params]:
    """workbench/answers.js: each unit of the left latent, any cell; of the opening pair each cell too."""
    shown = offered.shown("latent")
    if "left" in shown:
        run = catalog.run(shown["left"])
        yield from ({"run": run.id, "unit": unit} for unit in range(min(MOST_UNITS, influenced.units(run))))
    if "right" in shown:
        run = catalog.run(shown["right"])
        yield {"run": run.id}
        if offered.is_opening:
            yield from ({"run": run.id, "cell": cell} for cell in range(run.model.shape.grid**2))


def information(offered: Offered) -> Iterator[Params]:
    """workbench/information.js."""
    if run := offered.shown("latent").get("right"):
        yield {"run": run}


def iwae(offered: Offered) -> Iterator[Params]:
    """elbo/evidence.js: in the parts in which the page asks."""
    vae = offered.scenes["elbo"]["elbo"]["vae"]
    if not (vae and offered.is_opening):
        return
    for image in offered.chosen.images:
        asked = {"run": vae["run"], "image": image}
        yield {**asked, "parts": 0}
        for parts in range(PARTS):
            if parts or vae["integrable"]:
                yield {**asked, "parts": parts, "evidence": int(vae["integrable"])}


def nearest(offered: Offered) -> Iterator[Params]:
    """generate/detail.js: of the samples that the galleries open on."""
    for asked in samples(offered):
        if offered.is_opening and asked["first"] == 0:
            drawn = answer("samples", asked)
            latents = (
                [{"indices": codes} for codes in drawn["codes"]] if "codes" in drawn else [{"z": z} for z in drawn["z"]]
            )
            yield from ({"run": asked["run"], **latent} for latent in latents)


def patches(offered: Offered) -> Iterator[Params]:
    """plane/patches.js: every code of the opening pair."""
    run = offered.shown("latent").get("right")
    if run and offered.is_opening:
        yield from ({"run": run, "code": code} for code in range(catalog.run(run).config.num_embeddings))


def fewer_patches(found: dict[str, Any]) -> dict[str, Any]:
    """The first `PATCHES` of a code's patches: all of them are 10 MB for one codebook."""
    kept = min(PATCHES, len(found["images"]))
    if kept == len(found["images"]):
        return found
    picture, written = Image.open(io.BytesIO(base64.b64decode(found["png"]))), io.BytesIO()
    rows = -(-kept // found["columns"])
    picture.crop((0, 0, picture.width, rows * found["size"])).save(written, "PNG", optimize=True)
    png = base64.b64encode(written.getvalue()).decode()
    return {**found, "images": found["images"][:kept], "cells": found["cells"][:kept], "png": png}


def levels(offered: Offered) -> Iterator[Params]:
    """levels/levels.js: each picture through the codebook, or the codebooks, of the right side."""
    if run := offered.shown("latent").get("right"):
        yield from ({"run": run, "image": image} for image in offered.chosen.images)


def quantize(offered: Offered) -> Iterator[Params]:
    """elbo/quantize.js: the chart of each pair, and of the opening pair every picture at each size."""
    vae = offered.scenes["elbo"]["elbo"]["vae"]
    if not vae:
        return
    yield {"run": vae["run"]}
    if offered.is_opening:
        for image, bits in product(offered.chosen.images, range(1, MOST_BITS + 1)):
            yield {"run": vae["run"], "image": image, "bits": bits}


def posterior(offered: Offered) -> Iterator[Params]:
    """elbo/evidence.js."""
    vae = offered.scenes["elbo"]["elbo"]["vae"]
    if vae and vae["integrable"] and offered.is_opening:
        yield from ({"run": vae["run"], "image": image} for image in offered.chosen.images)


def rate_distortion(offered: Offered) -> Iterator[Params]:
    """sharpness/sharpness.js."""
    if len(pair := offered.shown("reconstruct")) == len(SIDES):
        for quality, rung in product(QUALITIES, RUNGS):
            yield {**pair, "data": offered.chosen.data, "quality": quality, "rung": rung}


def roughness(offered: Offered) -> Iterator[Params]:
    """between/rough.js."""
    runs = _by_kind(offered)
    if {"ae", "vae"} <= runs.keys():
        yield from ({"ae": runs["ae"], "vae": runs["vae"], "size": size} for size in range(len(SIZES)))


def samples(offered: Offered) -> Iterator[Params]:
    """generate/draws.js: all priors of the runs of the tab Generate, the recorded seeds."""
    for run in offered.shown("generate").values():
        for prior, seed, first in product(ladder(catalog.run(run)), SEEDS, range(0, MOST_SAMPLES, PART)):
            yield {"run": run, "prior": prior, "seed": seed, "first": first, "count": PART}


def set_bounds(offered: Offered) -> Iterator[Params]:
    """elbo/evidence.js."""
    if vae := offered.scenes["elbo"]["elbo"]["vae"]:
        yield {"run": vae["run"]}


def sharpness(offered: Offered) -> Iterator[Params]:
    """sharpness/sharpness.js."""
    if len(pair := offered.shown("reconstruct")) == len(SIDES):
        yield from ({**pair, "measure": measure} for measure in MEASURES)


def study(_: Offered) -> Iterator[Params]:
    """codebook/study.js and collapse/remedies.js."""
    yield from ({"size": size} for size in ("", *(name for name, _ in answer("study", {"size": ""})["sizes"])))


def sweep(offered: Offered) -> Iterator[Params]:
    """elbo/sweep.js."""
    yield {"data": offered.chosen.data, **offered.shown("elbo")}


def thumbs(offered: Offered) -> Iterator[Params]:
    """sharpness/enlarged.js: the images of each order."""
    for asked in list(sharpness(offered))[:1]:
        for listed in answer("sharpness", asked).get("orders", {}).values():
            images = listed[:SHOWN]
            yield {"data": offered.chosen.data, "count": len(images), "images": images}


def units(offered: Offered) -> Iterator[Params]:
    """codebook/units.js: the film beside each pair, and every film that a set offers."""
    yield {"data": offered.chosen.data, "left": offered.view.left or ""}
    if offered.is_opening:
        yield from ({"data": offered.chosen.data, "film": name} for name in films_of(offered.chosen.data))


def waste(_: Offered) -> Iterator[Params]:
    """codebook/waste.js."""
    yield {}


def write(offered: Offered) -> Iterator[Params]:
    """generate/writing.js: the samples that the gallery opens on, with the settings that the tab opens with."""
    run = offered.shown("generate").get("right")
    if run and offered.is_opening and offered.scenes["generate"]["generate"]["walk"] is not None:
        for seed, sample in product(SEEDS, range(PART)):
            yield {"run": run, "seed": seed, "sample": sample, "written": 0, "codes": [], "temperature": 1, "top_k": 0}


ASKED: dict[str, Question] = {
    "between": Question(between),
    "class_link": Question(class_link),
    "closer": Question(closer),
    "codebook_curves": Question(codebook_curves, by=("left", "right", "record", "columns", "steps")),
    "collapse_example": Question(collapse_example),
    "collapse_record": Question(collapse_record),
    "collapse_replay": Question(collapse_replay, plain=True, by=("record",)),
    "features": Question(features),
    "guide": Question(guide),
    "influence": Question(influence, plain=True),
    "information": Question(information, plain=True),
    "iwae": Question(iwae),
    "levels": Question(levels),
    "nearest": Question(nearest),
    "patches": Question(patches, plain=True, split=True, less=fewer_patches),
    "posterior": Question(posterior),
    "quantize": Question(quantize),
    "rate_distortion": Question(rate_distortion, by=("data", "left", "right")),
    "roughness": Question(roughness),
    "samples": Question(samples, plain=True),
    "set_bounds": Question(set_bounds),
    "sharpness": Question(sharpness),
    "study": Question(study),
    "sweep": Question(sweep),
    "thumbs": Question(thumbs),
    "units": Question(units, by=("data", "film")),
    "waste": Question(waste),
    "write": Question(write, plain=True, split=True),
}
