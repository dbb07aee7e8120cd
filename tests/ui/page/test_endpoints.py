"""Endpoints as plain functions: every answer is data, every picture a PNG, and what is encoded can be decoded."""

from __future__ import annotations

import base64
import inspect
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import explorer.runs.shelf
from explorer.ui.computed import catalog, encoded
from explorer.ui.page import endpoints
from explorer.ui.questions import QUESTIONS
from explorer.ui.view import default_view
from tests.ui.conftest import AE, EMA, EMOJI_VAE, EMOJI_VQ, GRADIENT, SPATIAL, VAE, VAE16

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "api.md"


def pixels(picture):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(picture["png"]))))


def encoded_as(image, form="PNG"):
    buffer = io.BytesIO()
    image.save(buffer, form)
    return base64.b64encode(buffer.getvalue()).decode()


def test_runs_are_listed_by_set():
    everything = endpoints.list_runs()["runs"]
    assert {run["id"] for run in everything} == {
        run.id for data in catalog.image_sets() for run in catalog.runs_of(data)
    }
    assert {run["data"] for run in endpoints.list_runs("emoji")["runs"]} == {"emoji"}
    assert endpoints.list_runs("mnist")["ok"] is False


@pytest.mark.parametrize("run", [VAE, AE, VAE16, SPATIAL, EMA, EMOJI_VAE, EMOJI_VQ])
def test_what_is_encoded_can_be_decoded(run):
    """The picture is the reconstruction that the page shows of the same image."""
    latent = endpoints.encode_image(run, 7)
    inputs = {"codes": latent["codes"]} if "codes" in latent else {"z": latent["mean"]}
    decoded = endpoints.decode_latent(run, **inputs)
    assert decoded["ok"]
    shown = (encoded.single(catalog.run(run), 7).reconstruction.clamp(0, 1) * 255).round().permute(1, 2, 0).squeeze(-1)
    assert np.abs(pixels(decoded).astype(int) - shown.numpy().astype(int)).max() <= 1
    assert len(next(iter(inputs.values()))) == np.prod(latent["shape"])
    assert ("logvar" in latent) is ("vae" in latent["kind"] and "codes" not in latent)


def test_an_own_picture_is_made_to_fit():
    wide = Image.new("RGB", (300, 200), (255, 0, 0))
    latent = endpoints.encode_image(EMA, picture=encoded_as(wide, "JPEG"))
    assert latent["shape"] == [7, 7]
    shown = pixels(
        endpoints.reconstruct_image(EMOJI_VQ, picture="data:image/png;base64," + encoded_as(wide))["original"]
    )
    assert shown.shape == (32, 32, 3)
    assert (shown == [255, 0, 0]).all()


def test_an_own_picture_is_upright_on_white_and_whole_in_16_bits():
    def shown(picture, run=EMOJI_VQ):
        return pixels(endpoints.reconstruct_image(run, picture=picture)["original"])

    assert (shown(encoded_as(Image.new("RGBA", (40, 40), (255, 0, 0, 0)))) == 255).all()
    turned = Image.new("RGB", (40, 40))
    turned.paste((255, 255, 255), (0, 0, 40, 20))
    exif = turned.getexif()
    exif[0x0112] = 6  # to be turned clockwise
    buffer = io.BytesIO()
    turned.save(buffer, "PNG", exif=exif)
    upright = shown(base64.b64encode(buffer.getvalue()).decode())
    assert upright[:, -5:].mean() > 250 > 5 > upright[:, :5].mean()
    ramp = Image.fromarray(np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(np.uint16))
    assert shown(encoded_as(ramp), EMA).mean() == pytest.approx(127.5, abs=3)


@pytest.mark.parametrize("picture", ["x", "QUJD", encoded_as(Image.new("1", (6000, 5000)), "PNG"), "A" * 3_000_000])
def test_what_is_no_picture_is_refused_in_a_sentence(picture):
    answer = endpoints.encode_image(EMA, picture=picture)
    assert (answer["ok"], answer["code"] in ("ask_picture", "ask_parameter")) == (False, True)
    assert len(answer["error"]) < 200


def test_a_reconstruction_states_what_it_lost_and_cost():
    found = endpoints.reconstruct_image(VAE, 3)
    x, y = (pixels(found[name]).astype(float) / 255 for name in ("original", "reconstruction"))
    assert found["psnr_db"] == pytest.approx(-10 * np.log10(((x - y) ** 2).mean()), abs=0.02)
    latent = endpoints.encode_image(VAE, 3)
    mu, logvar = np.array(latent["mean"]), np.array(latent["logvar"])
    assert found["bits"] == pytest.approx(0.5 * (mu**2 + np.exp(logvar) - 1 - logvar).sum() / np.log(2), abs=0.01)
    assert endpoints.reconstruct_image(EMA)["bits"] == 49 * 8
    assert endpoints.reconstruct_image(AE)["bits"] is None


def test_codebook_health_counts_every_code_of_the_test_split():
    found = endpoints.codebook_health(EMA)
    indices = encoded.encoded_test(EMA).indices
    assert indices is not None
    counts = np.bincount(indices.numpy().ravel(), minlength=256)
    assert found["counts"] == counts.tolist()
    assert (found["used"], found["dead"]) == ((counts > 0).sum(), (counts == 0).sum())
    p = counts[counts > 0] / counts.sum()
    assert found["perplexity"] == pytest.approx(np.exp(-(p * np.log(p)).sum()))
    assert endpoints.codebook_health(VAE)["code"] == "ask_parameter"


def test_two_runs_are_compared_on_the_same_images():
    found = endpoints.compare_runs(EMA, GRADIENT)
    assert found["ok"]
    assert {"psnr_db", "ssim", "sigma_eq_px"} <= found["measures"].keys()
    assert endpoints.compare_runs(EMA, EMOJI_VQ)["code"] == "runs_of_other_sets"


def test_samples_come_with_their_latents_and_are_the_same_again():
    found = endpoints.generate_samples(VAE, seed=5, count=2)
    assert found["prior"] == "normal"
    assert [pixels(p).tolist() for p in found["pictures"]] == [
        pixels(endpoints.decode_latent(VAE, z=z)).tolist() for z in found["z"]
    ]
    assert endpoints.generate_samples(VAE, seed=5, count=2) == found
    assert len(endpoints.generate_samples(EMA, "uniform", count=3)["codes"][2]) == 49
    assert endpoints.generate_samples(VAE, "learned")["code"] == "ask_parameter"
    assert endpoints.write_codes(EMA)["code"] == "prior_missing"


def test_a_link_is_described_and_led_back():
    found = endpoints.describe_view(f"https://somewhere.example/?right={GRADIENT}&image=17&tab=admin#x")
    assert (found["view"]["right"], found["link"], len(found["notes"])) == (
        GRADIENT,
        f"?v=2&data=fashion&left={VAE}&right={GRADIENT}&tab=latent&image=17",
        1,
    )
    assert "dB" in next(iter(found["sides"]["left"]["facts"].values()))
    assert endpoints.describe_view()["view"] == vars(default_view())
    json.dumps(found)


garbage = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**400)])  # JSON has them, and no float can hold them
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([VAE, EMA]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=5,
)


@pytest.fixture(scope="module", autouse=True)
def _for_hypothesis(stored_runs):
    """As in test_view.py: the patched runs stay the same for all examples."""
    patch = pytest.MonkeyPatch()
    patch.setattr(explorer.runs.shelf, "SHIPPED", stored_runs)
    yield
    patch.undo()


@given(st.sampled_from(endpoints.ENDPOINTS), st.data())
@settings(deadline=None, max_examples=60)
def test_whatever_is_sent_the_answer_is_data(endpoint, data):
    given_values = {name: data.draw(garbage) for name in inspect.signature(endpoint).parameters}
    answer = endpoint(**given_values)
    json.dumps(answer)
    assert answer["ok"] is True or 5 < len(answer["error"]) < 700


def test_every_endpoint_is_documented_with_its_parameters():
    document = DOCUMENT.read_text()
    for endpoint in endpoints.ENDPOINTS:
        described = inspect.getdoc(endpoint) or ""
        assert f"### `{endpoint.__name__}`" in document
        assert described.splitlines()[0] in document
        for name in inspect.signature(endpoint).parameters:
            assert f"    {name}: " in inspect.getsource(endpoint)
            assert re.search(rf"\b{name}\b", document.split(f"### `{endpoint.__name__}`")[1].split("###")[0])


def test_every_question_says_what_it_takes():
    assert endpoints.list_questions()["questions"].keys() == QUESTIONS.keys()
    assert all(len(described) > 40 for described in endpoints.list_questions()["questions"].values())
    questions = DOCUMENT.read_text().split("### `ask`")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", questions, re.MULTILINE)) == QUESTIONS.keys()
