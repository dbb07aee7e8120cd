"""Mutation testing: how many small changes of a module does its own test file notice? `make mutants`.

Each mutant is one change by an operator of cosmic-ray at one place of one module: another operator, another number, a
condition turned round, a loop that never runs. Its test file is run on it in a fork that has torch loaded already, so
that a mutant costs a second or two. Places are drawn by a seed, modules take turns, and when the time is over all have
had equally many. A mutant is killed if a test fails, if the module cannot be imported, or if the tests take so long
that they would never end. The shares go into the table of docs/mutants.md, survivors are printed, each with its line.

Left out by rule, since no test should be held to them: annotations and decorators, assertions that are for mypy,
messages (what a `raise` says, f-strings), float tolerances (0.001 and less, and arguments of those names), numbers
from 1,000 on, which an operator changes by one, and `is` in place of `==`.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import importlib.machinery
import importlib.util
import json
import math
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import CodeType

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.marked_tables import refreshed, table  # noqa: E402

DOCUMENT = ROOT / "docs" / "mutants.md"
FOUND = ROOT / "build" / "mutants.json"
#: Rooms, and in them the files that read a run.
ROOMS = ("models", "metrics", "training", "runs")
OF_RUNS = ("check", "foreign", "info", "naming", "reading", "recorded", "report_format", "schema", "shelf", "writing")
LOADED = ("torch", "numpy", "scipy.optimize", "safetensors.torch", "pytest", "PIL.Image", "httpx")
#: A test that takes so many times as long as it should, and so many seconds more, will not end.
PATIENCE, GRACE = 10.0, 120.0
TAKEN = ROOT / "tests" / "seconds.json"
SMALLEST = 1e-3
#: Test files of a module that has none of its own and is imported by none.
MOST_FILES = 2
#: Test files of modules that are tried under a name of a registry, or through another room.
HELD_BY = {
    "models/prior/levels.py": "models/test_level_prior.py",
    "models/prior/pixelcnn.py": "models/test_prior.py",
    "models/prior/pixelcnn_writer.py": "models/test_prior.py",
    "metrics/collapse.py": "collapse/test_reporting.py",
}
TOLERANCES = {"atol", "rtol", "eps", "epsilon", "abs", "rel", "tol", "tolerance"}
#: Identity for equality: what an interpreter does with small numbers is nobody's behaviour.
IDENTITY = ("_Eq_Is", "_NotEq_IsNot")
LEFT_OUT = {"decorator", "assert_stmt", "raise_stmt", "fstring", "import_from", "import_name"}


@dataclass(frozen=True)
class Mutant:
    """One change.

    Attributes:
        module: path from the root.
        operator: of cosmic-ray.
        occurrence: which of the places that the operator finds.
        line: from 1.
        fate: "killed", "survived", "late" (killed by time) or "" before it was tried.
        before, after: that line.
        held: hash of the module and of its tests as they were (`state_of`).
    """

    module: str
    operator: str
    occurrence: int
    line: int
    fate: str = ""
    before: str = ""
    after: str = ""
    held: str = ""

    @property
    def place(self) -> tuple[str, str, int]:
        return self.module, self.operator, self.occurrence


def modules(asked: Sequence[str]) -> list[Path]:
    """Those whose path holds one of the words `asked`, or all."""
    found = [path for room in ROOMS for path in sorted((ROOT / "explorer" / room).rglob("*.py"))]
    found = [path for path in found if path.name != "__init__.py" and (room_of(path) != "runs" or path.stem in OF_RUNS)]
    return [path for path in found if not asked or any(word in str(path.relative_to(ROOT)) for word in asked)]


def room_of(path: Path) -> str:
    return path.relative_to(ROOT / "explorer").parts[0]


def natural_tests(path: Path) -> list[Path]:
    """A module's own test file; else those of its room that import it, or that name most of it; else its importers'."""
    return _of_its_own(path) or _of_its_importers(path)


def _of_its_own(path: Path) -> list[Path]:
    inner = path.relative_to(ROOT / "explorer")
    folder = ROOT / "tests" / inner.parts[0]
    if str(inner) in HELD_BY:
        return [ROOT / "tests" / HELD_BY[str(inner)]]
    for own in (ROOT / "tests" / inner.with_name(f"test_{inner.name}"), folder / f"test_{inner.name}"):
        if own.exists():
            return [own]
    texts = {file: file.read_text(encoding="utf-8") for file in sorted(folder.rglob("test_*.py"))}
    imported = {file: names for file, text in texts.items() if (names := names_from(path, text))}
    if imported:
        return sorted(imported, key=lambda file: -imported[file])[:MOST_FILES]
    public = public_names(path)
    named = {file: sum(len(re.findall(rf"\b{word}\b", text)) for word in public) for file, text in texts.items()}
    return sorted((file for file, count in named.items() if count), key=lambda file: -named[file])[:MOST_FILES]


def public_names(path: Path) -> set[str]:
    """Classes and functions of a module."""
    return set(re.findall(r"^(?:class|def) ([A-Za-z]\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))


def names_from(path: Path, text: str) -> int:
    """How many names a program takes from a module, or from a package above it that passes them on."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    taken = 0
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module == name:
            taken += len(node.names)
        elif isinstance(node, ast.ImportFrom) and name.startswith(f"{node.module}."):
            taken += len({alias.name for alias in node.names} & ({path.stem} | public_names(path)))
        elif isinstance(node, ast.Import):
            taken += sum(alias.name == name for alias in node.names)
    return taken


def _of_its_importers(path: Path) -> list[Path]:
    others = [other for other in modules([]) if other != path and names_from(path, other.read_text(encoding="utf-8"))]
    found = [test for other in others for test in _of_its_own(other)]
    return sorted(set(found), key=lambda test: (-found.count(test), test))[:MOST_FILES]


def mutants_of(path: Path) -> list[list[Mutant]]:
    """Every change that counts, by place: a place is drawn first, since some have eleven operators and others one."""
    from cosmic_ray.ast import ast_nodes, get_ast_from_path
    from cosmic_ray.plugins import get_operator, operator_names

    by_place: dict[tuple[int, int], list[Mutant]] = {}
    nodes = list(ast_nodes(get_ast_from_path(path)))
    for name in sorted(operator_names()):
        kind = get_operator(name)
        if kind.arguments() or name.endswith(IDENTITY):
            continue
        operator, occurrence = kind(), 0
        for node in nodes:
            for start, _end in operator.mutation_positions(node):
                if counts(node):
                    one = Mutant(str(path.relative_to(ROOT)), name, occurrence, start[0])
                    by_place.setdefault(start, []).append(one)
                occurrence += 1
    return list(by_place.values())


def counts(node: object) -> bool:
    """Whether a test should notice a change of this node of the syntax tree."""
    if getattr(node, "type", "") == "number" and is_tolerance(str(getattr(node, "value", ""))):
        return False
    inner = node
    while (outer := getattr(inner, "parent", None)) is not None:
        kind = getattr(inner, "type", "")
        if kind in LEFT_OUT or outer.type == "tfpdef" or kind == "tfpdef":
            return False
        if outer.type == "annassign" and outer.children[1] is inner:
            return False
        if outer.type == "funcdef" and outer.annotation is inner:
            return False
        if outer.type == "argument" and getattr(outer.children[0], "value", "") in TOLERANCES:
            return False
        inner = outer
    return True


def is_tolerance(literal: str) -> bool:
    """A float so small that it only guards a division or a comparison, or a number so large that one is as little."""
    try:
        return 0 < float(literal) <= SMALLEST or float(literal) >= 1 / SMALLEST
    except ValueError:
        return False


def drawn(path: Path, number: int, seed: int) -> list[Mutant]:
    """So many mutants of a module, no two at one place, in an order that the seed and the module's name decide."""
    rng = random.Random(f"{seed} {path.relative_to(ROOT)}")
    places = mutants_of(path)
    return [rng.choice(place) for place in rng.sample(places, min(number, len(places)))]


def mutated(mutant: Mutant) -> tuple[str, str]:
    """The module's source before and after."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    source = (ROOT / mutant.module).read_text(encoding="utf-8")
    changed = mutate_code(source, get_operator(mutant.operator)(), mutant.occurrence)
    assert changed is not None, mutant
    return source, changed


class OtherSource(importlib.machinery.SourceFileLoader):
    """Loads a file as if another text stood in it."""

    source = ""

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.source, self.get_filename(fullname), "exec", dont_inherit=True)


class OneOther:
    """The first finder: answers for one module alone."""

    def __init__(self, path: Path, source: str) -> None:
        self.name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        self.path, self.source = path, source

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> object:
        if name != self.name:
            return None
        loader = OtherSource(name, str(self.path))
        loader.source = self.source
        return importlib.util.spec_from_file_location(name, self.path, loader=loader)


def run_tests(path: Path, source: str, tests: Sequence[Path], seconds: float) -> str:
    """Fate of a module whose source is `source`."""
    began = time.perf_counter()
    scratch = tempfile.mkdtemp(prefix="explorer-mutant-")
    child = os.fork()
    if child == 0:
        os.setsid()
        _test(path, source, tests, scratch)
    try:
        while time.perf_counter() - began < seconds:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return "survived" if status == 0 else "killed"
            time.sleep(0.02)
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return "late"
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _test(path: Path, source: str, tests: Sequence[Path], scratch: str) -> None:
    """In the fork: never returns."""
    status = 1
    try:
        said = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(said, stream)
        os.environ["TMPDIR"] = tempfile.tempdir = scratch
        sys.meta_path.insert(0, OneOther(path, source))  # type: ignore[arg-type]
        import pytest

        status = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *map(str, tests)]))
    except BaseException:  # noqa: BLE001 - the fork ends here, whatever happened
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def wilson(killed: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    z = 1.96
    centre, spread = killed / n + z**2 / (2 * n), z * math.sqrt(killed * (n - killed) / n**3 + z**2 / (4 * n**2))
    return tuple(max(0.0, min(1.0, (centre + sign * spread) / (1 + z**2 / n))) for sign in (-1, 1))  # type: ignore[return-value]


def state_of(path: Path) -> str:
    """Changes with the module and with its tests: a mutant that was tried in another state is tried anew."""
    texts = [file.read_bytes() for file in (path, *natural_tests(path))]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()[:16]


def tried(paths: Sequence[Path], number: int, seed: int, hours: float, known: Sequence[Mutant]) -> Iterator[Mutant]:
    """Mutants with their fates, modules taking turns, until all are tried or time is over; what is `known` is kept."""
    until = time.monotonic() + 3600 * hours
    states = {path: state_of(path) for path in paths}
    waiting = {path: drawn(path, number, seed) for path in paths}
    done = {(*mutant.place, mutant.held): mutant for mutant in known}
    for turn in range(number):
        for path in paths:
            if turn >= len(waiting[path]):
                continue
            mutant = waiting[path][turn]
            if (kept := done.get((*mutant.place, states[path]))) is not None:
                yield kept
            elif time.monotonic() < until:
                yield replace(_tried(mutant, path, patience_with(path)), held=states[path])


def patience_with(path: Path) -> float:
    """Seconds after which the tests of a mutant will never end, by what they took in the gate.

    That they pass without a mutant is the gate's business: `make mutants` is for a tree that passes it.
    """
    taken: dict[str, float] = json.loads(TAKEN.read_text())
    return GRACE + PATIENCE * sum(taken.get(str(test.relative_to(ROOT)), 0) for test in natural_tests(path))


def _tried(mutant: Mutant, path: Path, patience: float) -> Mutant:
    before, after = mutated(mutant)
    fate = run_tests(path, after, natural_tests(path), patience)
    lines = [text.splitlines() for text in (before, after)]
    changed = next((i for i, pair in enumerate(zip(*lines, strict=False)) if pair[0] != pair[1]), mutant.line - 1)
    said = [text[changed].strip() if changed < len(text) else "" for text in lines]
    return replace(mutant, fate=fate, before=said[0], after=said[1])


def shares(found: Sequence[Mutant]) -> str:
    """The table of docs/mutants.md."""
    rows = []
    names = sorted({mutant.module for mutant in found})
    for name in [*names, "all"]:
        fates = [mutant.fate for mutant in found if name in (mutant.module, "all")]
        killed, n = sum(fate != "survived" for fate in fates), len(fates)
        low, high = wilson(killed, n)
        tests = "" if name == "all" else ", ".join(f"`{t.name}`" for t in natural_tests(ROOT / name))
        rows.append((f"`{name}`" if name != "all" else "all", tests, f"{killed} of {n}", f"{100 * killed / n:.0f} %",
                     f"{100 * low:.0f}–{100 * high:.0f} %"))  # fmt: skip
    return table("module | its tests | killed | share | 95 % interval", rows, "No mutant was tried yet.")


def main() -> int:
    """Try mutants, keep what became of them, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", help="words of a module's path; all of ROOMS without any")
    parser.add_argument("--number", type=int, default=40, help="mutants a module")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--hours", type=float, default=2.0)
    args = parser.parse_args()
    sys.dont_write_bytecode = True  # of mutants; not where a test only imports this module
    os.chdir(ROOT)
    for name in LOADED:
        importlib.import_module(name)
    FOUND.parent.mkdir(exist_ok=True)
    known = {mutant.place: mutant for mutant in kept()}
    paths = [path for path in modules(args.modules) if natural_tests(path)]
    random.Random(args.seed).shuffle(paths)
    for path in paths:  # a module that changed, or whose tests did, begins anew
        state, name = state_of(path), str(path.relative_to(ROOT))
        known = {place: each for place, each in known.items() if each.module != name or each.held == state}
    for mutant in tried(paths, args.number, args.seed, args.hours, list(known.values())):
        if mutant.place in known:
            continue
        known[mutant.place] = mutant
        FOUND.write_text(json.dumps([asdict(each) for each in known.values()], indent=1))
        if mutant.fate == "survived":
            print(f"{mutant.module}:{mutant.line}\n  - {mutant.before}\n  + {mutant.after}", flush=True)
    said = shares(list(known.values()))
    DOCUMENT.write_text(refreshed(DOCUMENT.read_text(encoding="utf-8"), {"mutants": lambda: said}))
    print(said)
    return 0


def kept() -> list[Mutant]:
    """What earlier calls found."""
    return [Mutant(**each) for each in json.loads(FOUND.read_text())] if FOUND.exists() else []


if __name__ == "__main__":
    sys.exit(main())
