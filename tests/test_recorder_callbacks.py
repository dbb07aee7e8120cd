"""The recorder as a callback, against stand-ins with the hooks of Lightning and of the Hugging Face Trainer."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import torch
from torch import nn

from explorer.models import VectorQuantizer
from explorer.recorder import Recorder
from explorer.recording.callbacks import lightning_callback, trainer_callback
from explorer.runs.recorded import load_record


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.quantizer = VectorQuantizer(16, 4, generator=torch.Generator().manual_seed(0))

    def forward(self, x: torch.Tensor) -> Any:
        return self.quantizer(x).loss


def stand_in(monkeypatch: pytest.MonkeyPatch, name: str, **names: Any) -> None:
    parts = name.split(".")
    for depth in range(1, len(parts) + 1):
        module = ModuleType(".".join(parts[:depth]))
        module.__spec__ = SimpleNamespace(name=module.__name__)  # type: ignore[assignment]
        monkeypatch.setitem(sys.modules, module.__name__, module)
    vars(sys.modules[name]).update(names)


class LightningCallback:
    """Hooks as `lightning.pytorch.callbacks.Callback` has them."""

    def on_train_start(self, trainer: Any, pl_module: Any) -> None: ...

    def on_train_batch_end(self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int) -> None: ...

    def on_train_end(self, trainer: Any, pl_module: Any) -> None: ...


class TrainerCallback:
    """Hooks as `transformers.TrainerCallback` has them."""

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None: ...

    def on_log(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None: ...

    def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None: ...


@pytest.mark.parametrize("name", ["lightning.pytorch", "pytorch_lightning"])
def test_lightning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str):
    stand_in(monkeypatch, name, Callback=LightningCallback)
    if name == "pytorch_lightning":
        monkeypatch.setattr("explorer.recording.callbacks.LIGHTNING", ("not_there.pytorch", name))
    callback = lightning_callback(Recorder(tmp_path / "mine", 16))
    assert isinstance(callback, LightningCallback)
    model, trainer = Model().train(), SimpleNamespace(callback_metrics={})
    callback.on_train_start(trainer, model)
    for step in range(4):
        loss = model(torch.randn(32, 4))
        trainer.callback_metrics = {"loss": loss, "step": step, "name": "x", "done": True}
        callback.on_train_batch_end(trainer, model, loss, None, step)
    callback.on_train_end(trainer, model)
    record = load_record(tmp_path / "mine")
    assert sum(int(frame.hits.sum()) for frame in record.frames) == 4 * 32
    assert record.curves.keys() >= {"loss", "step"}
    assert record.curves["step"].tolist() == [0, 1, 2, 3]
    assert record.notes == ()
    model(torch.randn(32, 4))
    assert load_record(tmp_path / "mine").frames[-1].step == 3, "it has let go of the model"


def test_hugging_face(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    stand_in(monkeypatch, "transformers", TrainerCallback=TrainerCallback)
    callback = trainer_callback(Recorder(tmp_path / "mine", 16))
    assert isinstance(callback, TrainerCallback)
    model = Model().train()
    callback.on_train_begin(None, None, None, model=model, optimizer=None)
    for step in range(4):
        model(torch.randn(32, 4))
        callback.on_log(None, None, None, logs={"loss": 1.0 / (step + 1), "epoch": "one"})
    callback.on_train_end(None, None, None)
    record = load_record(tmp_path / "mine")
    assert record.curves["loss"].tolist() == pytest.approx([1, 1 / 2, 1 / 3, 1 / 4])
    assert "epoch" not in record.curves


def test_where_they_are_not_installed_python_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("transformers", "lightning", "pytorch_lightning"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setattr("explorer.recording.callbacks.find_spec", lambda _: None)
    recorder = Recorder(tmp_path / "mine", 16)
    for make in (lightning_callback, trainer_callback):
        with pytest.raises(ModuleNotFoundError):
            make(recorder)


def test_a_sink_is_one_line_for_each_tracker(tmp_path: Path):
    seen: list[tuple[Any, ...]] = []
    tracker = SimpleNamespace(
        log=lambda values, step: seen.append(("log", step, dict(values))),
        add_scalar=lambda name, value, step: seen.append((name, step, value)),
    )
    sinks = [
        lambda step, values: tracker.log(values, step=step),  # wandb.log, trackio.log
        lambda step, values: [tracker.add_scalar(name, value, step) for name, value in values.items()],  # TensorBoard
    ]
    for number, sink in enumerate(sinks):
        with Recorder(tmp_path / str(number), 16, sink=sink) as recorder:
            recorder.log(0, losses={"mse": 0.5})
    assert seen == [("log", 0, {"mse": 0.5}), ("mse", 0, 0.5)]


def trained_with_their_package(folder: Path, scale: float = 1.0, **settings: Any) -> None:
    """A small autoencoder around `vector_quantize_pytorch.VectorQuantize`, recorded by `attach` alone."""
    package = pytest.importorskip("vector_quantize_pytorch")
    torch.manual_seed(0)
    encoder, decoder = nn.Linear(16, 8), nn.Linear(8, 16)
    quantizer = package.VectorQuantize(dim=8, codebook_size=64, decay=0.9, commitment_weight=0.25, **settings)
    optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], 3e-3)
    centres = torch.randn(200, 16)
    with Recorder(folder, 64) as recorder:
        recorder.attach(quantizer)
        for _ in range(120):
            x = scale * (centres[torch.randint(200, (4, 128))] + 0.1 * torch.randn(4, 128, 16))
            quantized, _, commitment = quantizer(encoder(x))
            loss = (decoder(quantized) - x).square().mean() + commitment.sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def test_their_package_names_why_its_codes_died_or_that_they_live(tmp_path: Path):
    from explorer.reports.diagnosis import diagnose

    trained_with_their_package(tmp_path / "alive", kmeans_init=True, threshold_ema_dead_code=0.2)
    alive = diagnose(load_record(tmp_path / "alive"))
    assert alive.verdict == "healthy"
    assert alive.causes == ()

    trained_with_their_package(tmp_path / "restarted", kmeans_init=True, threshold_ema_dead_code=100)
    restarted = diagnose(load_record(tmp_path / "restarted"))
    assert restarted.causes[0].cause == "restart", "100 hits a step are asked for, 8 are there for each code"

    trained_with_their_package(tmp_path / "plain", scale=50.0)
    plain = diagnose(load_record(tmp_path / "plain"))
    assert plain.verdict in ("warning", "collapse")
    assert plain.causes[0].cause == "narrow", "their start is far narrower than outputs of this size"
