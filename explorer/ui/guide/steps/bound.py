"""The loss, and the bound that it is."""

from __future__ import annotations

from explorer.runs import Run
from explorer.ui.guide.formula import formula
from explorer.ui.guide.reports import bits, figure, rate, written
from explorer.ui.guide.runs import RunsByRole
from explorer.ui.guide.step import Answer, Line, More, Place, Question, Step, line

GUESSES = (100, 1000, 10_000)  # bits: the first that holds the truth
CLEARLY = 2  # standard errors


def _place(roles: RunsByRole) -> Place:
    return {"left": roles.usual("vae"), "right": roles.usual("vq")}


def _question(roles: RunsByRole) -> Question:
    run = roles.run("vae")
    high = next((most for most in GUESSES if _kl_bits(run) <= most), GUESSES[-1])
    return Question(line("guide.bound.ask", run=run.id), high=high, about=(run.id,))


def _kl_bits(run: Run) -> float:
    return rate(run, "fixed")


def _answer(roles: RunsByRole) -> Answer:
    run = roles.run("vae")
    cost = _kl_bits(run)
    measured = line(
        "guide.bound.measured",
        bits=bits(cost),
        nats=written(figure(run, "kl_nats"), 2),
        elbo=written(figure(run, "elbo_nats", "fixed"), 1),
        n=f"{figure(run, 'n'):,.0f}",
    )
    cases = 2**cost
    said = line("guide.bound.cases", cases=f"{cases:,.0f}" if cases < 1e6 else f"{cases:.1e}")
    return Answer(cost, (measured, *_drawn(run), said), look="#ex-elbo-loss")


def _drawn(run: Run) -> tuple[Line, ...]:
    """What one draw of z an image leaves open of the ELBO, where it was measured."""
    error = run.report.get("elbo_draw_error", {}).get("fixed")
    return () if error is None else (line("guide.bound.drawn", error=written(error, 1)),)


def _doubt(roles: RunsByRole) -> tuple[Line, ...]:
    """The ELBO among other bounds of the same model on the same images, and the evidence where it was integrated."""
    run = roles.run("vae")
    found = run.report.get("evidence", {})
    curve = found.get("iwae", {"k": []})
    if len(curve["k"]) < 2:
        return line("guide.bound.no"), line(
            "guide.bound.not_yet", command=f"python -m explorer evidence {run.id} --write"
        )
    low, high = curve["nats"][0], curve["nats"][-1]
    measured = line(
        "guide.bound.iwae",
        elbo=written(low, 1),
        k=f"{curve['k'][-1]:,}",
        iwae=written(high, 1),
        n=f"{found['n']:,}",
        all=f"{figure(run, 'n'):,.0f}",
    )
    error = (curve["monte_carlo_error"][0] ** 2 + curve["monte_carlo_error"][-1] ** 2) ** 0.5
    order = "higher" if high - low > CLEARLY * error else "as_high"
    return line("guide.bound.no"), measured, line(f"guide.bound.{order}"), *_evidence(run)


def _evidence(run: Run) -> tuple[Line, ...]:
    exact = run.report["evidence"].get("log_px")
    if not exact:
        return ()
    return (line("guide.bound.log_px", log_px=written(exact["nats"], 1), gap=written(exact["gap_nats"], 2)),)


STEP = Step(
    name="bound",
    tab="elbo",
    place=_place,
    look='#ex-elbo-posterior [data-picture="epsilon"]',
    watch='#ex-elbo-posterior [data-picture="picture"]',
    formulas=(
        formula("log p ( x ) = log ∫ p ( x | z ) p ( z ) d z"),
        formula("ELBO = 𝔼_q log p ( x | z ) − KL ( q ( z | x ) ‖ p ( z ) )"),
        formula("log p ( x ) − ELBO = KL ( q ( z | x ) ‖ p ( z | x ) )"),
    ),
    more=(
        More(
            "derive",
            (
                formula("log p ( x ) = log 𝔼_q [ p ( x | z ) p ( z ) / q ( z | x ) ]"),
                formula("≥ 𝔼_q log [ p ( x | z ) p ( z ) / q ( z | x ) ]"),
                formula("= 𝔼_q log p ( x | z ) − KL ( q ( z | x ) ‖ p ( z ) )"),
            ),
        ),
    ),
    question=_question,
    answer=_answer,
    doubt=_doubt,
)
