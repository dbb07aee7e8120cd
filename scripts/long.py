"""Trains what takes hours, one job after the other, in order of worth: `make long`.

Learned priors come first: on both sides of every comparison, each of its set's full number of steps.

One thread, lowest priority, resumable: a finished run is moved to checkpoints/ at once, a stopped one goes on where it
was, and what is there already is left alone. While build/long.pause names a living process (the gate writes its own
number there) or is empty, everything is stopped where it stands. No job is longer than a quarter of an hour on a core
of its own; one that was is named. `--list` prints the plan.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from scripts.checkpoints import BUILDING, PRIOR_STEPS, ROOT, SHIPPED, after, command, is_finished, planned

PAUSE = ROOT / "build" / "long.pause"
LOG = ROOT / "build" / "long.log"
MOST_SECONDS = 900
POLL = 1.0  # seconds
#: In order of worth: what the page opens with, the judge without which no sample can be measured, priors and measures
#: of the opening pair, the other twins, then the rest of the plan.
FACES = (
    ("train", "faces-vae-z2-s0"),
    ("train", "faces-vqvae-d2-k256-ema-s0"),
    ("judge", "faces"),
    ("whole", "faces-vqvae-d2-k256-ema-s0"),
    ("whole", "faces-vae-z2-s0"),
    ("train", "faces-vqvae-d2-k256-gradient-s0"),
    ("train", "faces-vae-z16-s0"),
    ("train", "faces-ae-z2-s0"),
    ("whole", "faces-vqvae-d2-k256-gradient-s0"),
    ("whole", "faces-vae-z16-s0"),
    ("whole", "faces-ae-z2-s0"),
)

#: Priors in order of worth: both sides of Fashion-MNIST's headline pairs, the opening pairs, emoji's pairs; the rest of
#: the plan follows, grids first.
PRIORS = (
    "fashion-vae-z2-spatial-b0.5-s0",
    "fashion-vae-z2-spatial-b2.4-s0",
    "fashion-vae-z2-s0",
    "emoji-vae-z2-s0",
    "faces-vae-z2-s0",
    "fashion-vqvae-d2-k16-ema-s0",
    "emoji-vae-z2-spatial-b1.6-s0",
    "emoji-vae-z2-spatial-b2-s0",
    "emoji-vqvae-d2-k16-ema-s0",
    "fashion-vae-z2-spatial-b1.25-s0",
    "fashion-vae-z2-spatial-b1-s0",
    "fashion-vae-z2-spatial-b4-s0",
    "fashion-vqvae-d2-k64-ema-s0",
    "fashion-vqvae-d2-k4-ema-s0",
    "fashion-vqvae-d2-k1024-ema-s0",
)


def priors() -> list[str]:
    """Every run of the plan that can have a learned prior, by worth."""
    plans = {name: settings for data in PRIOR_STEPS for name, settings in planned(data).items()}
    others = [name for name, settings in plans.items() if settings["model"] != "ae" and name not in PRIORS]
    return [*PRIORS, *sorted(others, key=lambda name: "spatial" not in name and "vqvae" not in name)]


def has_full_prior(name: str) -> bool:
    """Whether a run's learned prior was trained for its set's full number of steps, or stopped by itself."""
    path = SHIPPED / name / "prior.json"
    facts = json.loads(path.read_text()) if path.exists() else {}
    settings = facts.get("settings", {})
    return bool(settings and settings["steps"] >= PRIOR_STEPS[name.partition("-")[0]])


def prior_commands(name: str) -> list[list[str]]:
    """The commands that give a run its learned prior, and then what depends on it anew."""
    folder, report = SHIPPED / name, json.loads((SHIPPED / name / "report.json").read_text())
    steps = PRIOR_STEPS[name.partition("-")[0]]
    words = [["train-prior", str(folder), "--steps", str(steps), "--json"]]
    words += [["generation", str(folder)]] if "generation" in report else []
    codes = "vqvae" in name and "evidence" in report
    return words + ([["evidence", str(folder), "--write"]] if codes else [])


def jobs() -> list[tuple[str, str]]:
    """(what, name) of all, by worth: a run's "prior", "train" it, make it "whole", "factors", a set's "judge"."""
    named = {name for _, name in FACES}
    rest = [name for name in planned("faces") if name not in named]
    return [
        *(("prior", name) for name in priors()),
        *FACES,
        *((what, name) for name in rest for what in ("train", "whole")),
        *(("factors", name) for name in planned("faces")),
    ]


def commands(what: str, name: str) -> list[list[str]]:
    """What a job still has to run; nothing if it is done."""
    explorer = [sys.executable, "-m", "explorer"]
    if what == "judge":
        there = (SHIPPED / "classifiers" / name / "classifier.json").exists()
        return [] if there else [[sys.executable, "-m", "explorer.classifier", "--only", name]]
    if what == "prior":
        needed = is_finished(SHIPPED / name) and not has_full_prior(name)
        return [[*explorer, *words] for words in prior_commands(name)] if needed else []
    if what == "factors":
        needed = is_finished(SHIPPED / name) and "factors" not in json.loads(
            (SHIPPED / name / "report.json").read_text()
        )
        return [[*explorer, "factors", str(SHIPPED / name), "--write"]] if needed else []
    settings = planned(name.partition("-")[0])[name]
    if what == "whole":
        return [[*explorer, *words] for words in after(name, settings)] if is_finished(SHIPPED / name) else []
    if is_finished(SHIPPED / name) or is_finished(BUILDING / name):
        return []
    started = (BUILDING / name / "run.json").exists()
    return [[*explorer, "train", "--resume", str(BUILDING / name)] if started else command(name, settings)]


def keep(name: str) -> None:
    """Move a finished run to checkpoints/."""
    if is_finished(BUILDING / name) and not is_finished(SHIPPED / name):
        shutil.move(BUILDING / name, SHIPPED / name)


def paused() -> bool:
    """Whether something else needs the machine."""
    try:
        pids = [int(word) for word in PAUSE.read_text().split()]
    except FileNotFoundError:
        return False
    except ValueError:
        return True
    return not pids or any(Path(f"/proc/{pid}").exists() for pid in pids)


def run(words: list[str]) -> int:
    """Run a command on one thread, stopped while `paused`; its exit status."""
    with LOG.open("ab") as log:
        child = subprocess.Popen(
            words, cwd=ROOT, env=os.environ | {"OMP_NUM_THREADS": "1"}, stdout=log, stderr=log, process_group=0
        )
    try:
        stopped = False
        while child.poll() is None:
            if paused() != stopped:
                stopped = not stopped
                os.killpg(child.pid, signal.SIGSTOP if stopped else signal.SIGCONT)
            time.sleep(POLL)
    except BaseException:
        os.killpg(child.pid, signal.SIGCONT)
        os.killpg(child.pid, signal.SIGTERM)  # a training saved itself less than a minute ago
        child.wait()
        raise
    return child.returncode


def do(what: str, name: str) -> str:
    """One job, told in a line; "" if there was nothing to do."""
    said = ""
    for words in commands(what, name):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        status = run(words)
        after_it = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after_it.ru_utime + after_it.ru_stime - before.ru_utime - before.ru_stime
        said += f"{what} {name}: {' '.join(words[3:5])} " + (f"ended with {status}" if status else f"{seconds:.0f} s")
        said += f", longer than {MOST_SECONDS} s\n" if seconds > MOST_SECONDS else "\n"
        if status:
            break
    if what == "train":
        keep(name)
    return said


def main() -> int:
    """Do what is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true")
    if parser.parse_args().list:
        print("\n".join(f"{what} {name}: {len(commands(what, name))} to run" for what, name in jobs()))
        return 0
    os.nice(19)
    LOG.parent.mkdir(exist_ok=True)
    for what, name in jobs():
        if said := do(what, name):
            print(said, end="", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
