"""Where code vectors begin."""

from __future__ import annotations

import pytest
import torch

from explorer.errors import QuantizerError
from explorer.models.codebook_inits import CODEBOOK_INITS, DataInit, KMeansInit, LinearInit, draw_distinct
from explorer.models.nearest import nearest


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("name", CODEBOOK_INITS)
def test_draws_depend_on_their_generator_alone(name: str) -> None:
    init = CODEBOOK_INITS[name]
    torch.manual_seed(0)
    before = torch.get_rng_state()
    assert torch.equal(init.draw(20, 3, seeded(1)), init.draw(20, 3, seeded(1)))
    assert not torch.equal(init.draw(20, 3, seeded(1)), init.draw(20, 3, seeded(2)))
    vectors = torch.randn(200, 3, generator=seeded(3))
    assert torch.equal(init.fit(vectors, 20, seeded(1)), init.fit(vectors, 20, seeded(1)))
    assert not torch.equal(init.fit(vectors, 20, seeded(1)), init.fit(vectors, 20, seeded(2)))
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("name", ["uniform", "data", "kmeans", "cloud"])
def test_uniform_fills_plus_minus_one_over_k(name: str) -> None:
    drawn = CODEBOOK_INITS[name].draw(500, 40, seeded(0)) * 500
    assert -1 <= float(drawn.min()) < -0.99
    assert 0.99 < float(drawn.max()) <= 1
    assert float(drawn.std()) == pytest.approx(3**-0.5, rel=0.01)


def test_normal_is_standard() -> None:
    drawn = CODEBOOK_INITS["normal"].draw(500, 40, seeded(0))
    assert float(drawn.mean()) == pytest.approx(0, abs=0.03)
    assert float(drawn.std()) == pytest.approx(1, rel=0.02)
    assert drawn.abs().max() > 3


def test_reference_is_uniform_of_variance_one_over_d() -> None:
    drawn = CODEBOOK_INITS["reference"].draw(500, 40, seeded(0))
    assert float(drawn.abs().max()) == pytest.approx((3 / 40) ** 0.5, rel=0.01)
    assert float(drawn.std()) == pytest.approx(40**-0.5, rel=0.02)


def test_linear_is_a_linear_layer_over_narrow_normal_rows() -> None:
    drawn = LinearInit().draw(4000, 64, seeded(0))
    generator = seeded(0)
    rows = LinearInit.frozen.draw(4000, 64, generator)
    weight, bias = LinearInit().layer(64, generator)
    assert float(rows.std()) == pytest.approx(1 / 8, rel=0.01)
    torch.testing.assert_close(drawn, torch.nn.functional.linear(rows, weight.t(), bias))
    assert float((drawn - bias).std()) == pytest.approx((1 / 192) ** 0.5, rel=0.05)


def test_cloud_has_the_mean_and_covariance_of_the_vectors() -> None:
    mixing = torch.tensor([[2.0, 0.0, 0.0], [1.0, 0.5, 0.0], [0.0, 0.0, 0.0]])  # flat: one direction is empty
    vectors = torch.randn(4000, 3, generator=seeded(0)) @ mixing + torch.tensor([5.0, -1.0, 2.0])
    codes = CODEBOOK_INITS["cloud"].fit(vectors, 20_000, seeded(1))
    torch.testing.assert_close(codes.mean(0), vectors.mean(0), atol=0.06, rtol=0)
    torch.testing.assert_close(codes.t().cov(), vectors.t().cov(), atol=0.12, rtol=0)
    assert float((codes[:, 2] - 2).abs().max()) < 1e-4
    assert not (codes[:50, None] == vectors).all(-1).any(), "no code is one of the vectors"


def test_data_takes_different_vectors() -> None:
    vectors = torch.randn(30, 3, generator=seeded(0)).repeat(4, 1)
    codes = DataInit().fit(vectors, 30, seeded(1))
    assert torch.equal(codes.unique(dim=0), vectors.unique(dim=0))  # all 30, each once, though each is there 4 times


def test_too_few_different_vectors_are_repeated() -> None:
    vectors = torch.tensor([[1.0], [2.0]]).repeat(10, 1)
    codes = DataInit().fit(vectors, 5, seeded(0))
    assert codes.shape == (5, 1)
    assert sorted(codes.unique().tolist()) == [1.0, 2.0]


def test_drawing_distinct_rows_is_uniform() -> None:
    vectors = torch.arange(10.0)[:, None]
    drawn = torch.cat([draw_distinct(vectors, 3, seeded(seed)) for seed in range(2000)])
    shares = torch.bincount(drawn[:, 0].long(), minlength=10) / 2000
    assert float((shares - 0.3).abs().max()) < 0.05


@pytest.mark.parametrize("init", [DataInit(), KMeansInit()])
def test_fewer_vectors_than_codes_are_refused(init: DataInit) -> None:
    with pytest.raises(QuantizerError, match="at least 20 vectors, got 19"):
        init.fit(torch.randn(19, 2), 20, None)


def test_kmeans_finds_separate_clusters_and_lowers_the_error() -> None:
    centres = torch.tensor([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0]])
    vectors = centres.repeat(200, 1) + 0.1 * torch.randn(800, 2, generator=seeded(0))
    start, fitted = DataInit().fit(vectors, 16, seeded(1)), KMeansInit().fit(vectors, 16, seeded(1))

    def error(codes: torch.Tensor) -> float:
        return float((vectors - codes[nearest(vectors, codes)]).square().mean())

    assert error(fitted) < 0.8 * error(start)
    chosen = nearest(vectors, fitted)
    for k in chosen.unique():  # a fixed point of Lloyd's: centres are nearly the means of their vectors
        torch.testing.assert_close(fitted[k], vectors[chosen == k].mean(0), rtol=0, atol=0.02)
