"""What the page does, for programs: endpoints for `gradio_client`, and tools where the page is served with MCP.

Each endpoint is one typed function over a question of `explorer.ui.questions`, which checks every value. Whatever
happens, the answer is an object: `{"ok": true, ...}`, or `{"ok": false, "code": ..., "error": "one sentence"}`.
Pictures are PNGs in base64. The docstrings are what a program, or a model with tools, reads.
"""

from __future__ import annotations

import base64
import inspect
from typing import Any
from urllib.parse import parse_qsl

import torch
from gradio import events

from explorer.runs.priors import ladder
from explorer.ui import questions
from explorer.ui.computed import catalog
from explorer.ui.media.sheets import png
from explorer.ui.scene import scene
from explorer.ui.view import from_query

Answer = dict[str, Any]

LONGEST_LINK = 8000
MOST_PICTURES = 16


def publish() -> None:
    """Adds every endpoint to the open Blocks: one of them all computes at a time, beside what the page asks for."""
    for endpoint in ENDPOINTS:
        described = inspect.getdoc(endpoint)
        events.api(endpoint, api_name=endpoint.__name__, api_description=described, concurrency_id="endpoints")


def list_runs(data: str = "") -> Answer:
    """List the trained models that can be asked about: their ids, kinds (ae, vae, vqvae), image sets and latent sizes.

    Args:
        data: Only runs of this image set, such as "faces", "fashion" or "emoji"; empty lists all.
    """
    return questions.answer("runs", {"data": data or "all"})


def encode_image(run: str, image: int = 0, picture: str = "") -> Answer:
    """Encode one image with one trained model: a VAE's posterior mean and log variance, or a VQ-VAE's grid of codes.

    Args:
        run: Id of a run, as list_runs names it.
        image: Id of a test image of the run's image set, from 0.
        picture: An own picture instead, PNG or JPEG in base64; it is cut to a square and made as small as the set's.
    """
    return questions.answer("encode", {"run": run, "image": image, "picture": picture or None})


def decode_latent(run: str, z: list[float] | None = None, codes: list[int] | None = None) -> Answer:
    """Decode a latent into a picture: a point z of a VAE or an AE, or the codes of a VQ-VAE.

    Args:
        run: Id of a run.
        z: The latent of a VAE or an AE, all its numbers, channels first: what encode_image calls mean.
        codes: Code indices of a VQ-VAE, row by row: 49 for 28x28 images, 64 for 32x32.
    """
    return _with_pngs(questions.answer("decode", {"run": run, "z": z, "indices": codes}))


def reconstruct_image(run: str, image: int = 0, picture: str = "") -> Answer:
    """Send one image through one model and back: both pictures, PSNR, SSIM, and the bits its latent cost.

    Args:
        run: Id of a run.
        image: Id of a test image of the run's image set, from 0.
        picture: An own picture instead, PNG or JPEG in base64.
    """
    return _with_pngs(questions.answer("reconstruct", {"run": run, "image": image, "picture": picture or None}))


def compare_runs(left: str, right: str) -> Answer:
    """Compare two models on the same test images: PSNR, SSIM and sharpness with 95 % intervals, beside their bits.

    Args:
        left: Id of a run.
        right: Id of another run of the same image set; differences are right minus left.
    """
    return questions.answer("compare", {"left": left, "right": right})


def codebook_health(run: str) -> Answer:
    """Count how a VQ-VAE uses its codebook over the whole test split: used and dead codes, usage, perplexity, hits.

    Args:
        run: Id of a VQ-VAE run.
    """
    return questions.answer("codebook_health", {"run": run})


def generate_samples(run: str, prior: str = "", seed: int = 0, count: int = 4) -> Answer:
    """Generate pictures with a model from one of its priors, with the latents they were decoded from.

    Args:
        run: Id of a run.
        prior: "normal", "simple" or "learned" (VAE), "own_spread" (AE), "uniform", "frequencies" or "learned" (VQ-VAE);
            empty takes the best one: the learned prior of a VQ-VAE, the first one of the others.
        seed: The same seed gives the same pictures.
        count: How many, up to 64; the first 16 come as pictures too.
    """
    question = {"run": run, "prior": prior or _best_prior(run), "seed": seed, "first": 0, "count": count}
    drawn = questions.answer("samples", question)
    if not drawn["ok"]:
        return drawn
    key, name = ("codes", "indices") if "codes" in drawn else ("z", "z")
    shown = [questions.answer("decode", {"run": run, name: latent}) for latent in drawn[key][:MOST_PICTURES]]
    return drawn | {"prior": question["prior"], "pictures": [_png(picture) for picture in shown]}


def write_codes(
    run: str, codes: list[int] | None = None, seed: int = 0, temperature: float = 1.0, top_k: int = 0
) -> Answer:
    """Let a VQ-VAE's learned prior finish a grid of codes that begins with given ones; decode_latent draws it.

    Args:
        run: Id of a VQ-VAE run.
        codes: The first codes, row by row; none lets the prior begin.
        seed: The same seed goes on in the same way.
        temperature: Below 1 surer, above 1 more daring.
        top_k: Draw only from this many likeliest codes; 0 for all.
    """
    given = codes if isinstance(codes, list) else []
    question = {
        "run": run,
        "codes": given,
        "written": len(given),
        "seed": seed,
        "temperature": temperature,
        "top_k": top_k,
    }
    answered = questions.answer("write", question)
    return {key: value for key, value in answered.items() if key not in ("weights", "scale")}


def nearest_training_images(run: str, z: list[float] | None = None, codes: list[int] | None = None) -> Answer:
    """Find the training images that look most like a decoded latent: whether it is new or remembered.

    The first question about an image set may answer only {"ok": true, "done": 0.3}, the share read so far: ask again.

    Args:
        run: Id of a run.
        z: The latent of a VAE or an AE.
        codes: Code indices of a VQ-VAE, row by row.
    """
    return _with_pngs(questions.answer("nearest", {"run": run, "z": z, "indices": codes}))


def interpolate(
    image: int, image_b: int, data: str = "fashion", ae: str = "", vae: str = "", vqvae: str = ""
) -> Answer:
    """Go from one test image to another through the latents of up to three models and through plain pixels.

    Args:
        image: Id of the first test image.
        image_b: Id of the second.
        data: The image set, such as "faces", "fashion" or "emoji".
        ae: Id of an AE run of the set; empty leaves it out.
        vae: Id of a VAE run.
        vqvae: Id of a VQ-VAE run.
    """
    runs = {"ae": ae or None, "vae": vae or None, "vqvae": vqvae or None}
    return questions.answer("between", {"data": data, "image": image, "image_b": image_b, **runs})


def describe_view(link: str = "") -> Answer:
    """Say what a link of the page shows: the whole selection, the short link back to it, and the numbers beside it.

    Args:
        link: A link of this page, or only its query; empty is how the page begins.
    """
    query = str(link)[:LONGEST_LINK].rpartition("?")[2].partition("#")[0]
    view, notes = from_query(dict(parse_qsl(query)))
    shown = scene(view, notes)
    sides = {
        name: {"title": side.title, "run": side.run, "facts": {f.label: f.value for f in side.panel.facts}}
        for name, side in shown.sides.items()
        if side.panel
    }
    seen = {"you_see": shown.words.see, "try": shown.words.try_, "sides": sides}
    return {"ok": True, "view": vars(view), "link": f"?{view.to_query()}", "notes": shown.notes, **seen}


def list_questions() -> Answer:
    """List every question that the page itself asks, with its parameters and its answer; ask puts one of them."""
    return {
        "ok": True,
        "questions": {name: inspect.getdoc(questions.QUESTIONS[name]) or "" for name in sorted(questions.QUESTIONS)},
    }


def ask(name: str, params: dict[str, Any] | None = None) -> Answer:
    """Ask any question that the page itself asks; list_questions says which there are and what they take.

    Args:
        name: Name of the question, for instance "influence", "information", "rate_distortion" or "study".
        params: Its parameters by name.
    """
    return questions.answer(str(name), params if params is not None else {})


ENDPOINTS = (
    list_runs,
    encode_image,
    decode_latent,
    reconstruct_image,
    compare_runs,
    codebook_health,
    generate_samples,
    write_codes,
    nearest_training_images,
    interpolate,
    describe_view,
    list_questions,
    ask,
)


def _best_prior(run: str) -> str:
    """Empty where there is no such run: the question itself says so."""
    known = {info.id for data in catalog.image_sets() for info in catalog.runs_of(data)}
    if not isinstance(run, str) or run not in known:
        return ""
    found = catalog.run(run)
    names = tuple(ladder(found))
    return (names[-1] if found.config.is_vq else names[0]) if names else ""


def _with_pngs(value: Any) -> Any:
    """Every picture in an answer as a PNG."""
    if isinstance(value, list):
        return [_with_pngs(item) for item in value]
    if not isinstance(value, dict):
        return value
    return _png(value) if "pixels" in value else {key: _with_pngs(item) for key, item in value.items()}


def _png(picture: Answer) -> Answer:
    """A picture as the page gets it, bytes channels-last, in a form that everybody can open."""
    kept = {key: value for key, value in picture.items() if key not in ("pixels", "channels")}
    pixels = torch.frombuffer(bytearray(base64.b64decode(picture["pixels"])), dtype=torch.uint8)
    image = pixels.view(picture["height"], picture["width"], picture["channels"]).permute(2, 0, 1)
    return kept | {"png": base64.b64encode(png(image)).decode()}
