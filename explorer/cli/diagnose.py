"""`python -m explorer diagnose RECORD`: why codes died, or units fell silent, in a training that was recorded."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from explorer.collapse.document import write_report
from explorer.reports.diagnosis import Diagnosis, diagnose
from explorer.reports.diagnosis.document import diagnosis_document, unit_document
from explorer.reports.diagnosis.units import UnitDiagnosis, diagnose_units
from explorer.runs.recorded import load_record
from explorer.runs.recorded_units import is_unit_record, load_unit_record
from explorer.studies.recipes import Recipes, recipes

#: Exit code on a collapse.
COLLAPSE = 3


def add_diagnose(commands: Any) -> None:
    """The command's flags."""
    parser = commands.add_parser(
        "diagnose",
        help="why codes died, or a VAE's units fell silent, in a training that was recorded",
        description="Ends with 3 on a collapse, 2 on bad input, else 0.",
    )
    parser.set_defaults(command=diagnose_command)
    parser.add_argument("record", type=Path, help="folder of the record")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write it: .html, .md or .json by the name")


def diagnose_command(args: argparse.Namespace) -> int:
    """Read the record and say what it shows; 3 on a collapse."""
    if is_unit_record(args.record):
        return _of_units(args)
    found = diagnose(load_record(args.record))
    if args.out:
        write_report(args.out, diagnosis_document(found), found.to_json())
    print(json.dumps(found.to_json(), indent=2) if args.json else "\n".join(lines(found)))
    return COLLAPSE if found.verdict == "collapse" else 0


def _of_units(args: argparse.Namespace) -> int:
    """Of a VAE's record."""
    found = diagnose_units(load_unit_record(args.record))
    if args.out:
        write_report(args.out, unit_document(found), found.to_json())
    print(json.dumps(found.to_json(), indent=2) if args.json else "\n".join(unit_lines(found)))
    return COLLAPSE if found.verdict == "collapse" else 0


def unit_lines(found: UnitDiagnosis) -> list[str]:
    """The diagnosis of a VAE's record as text."""
    values = found.to_json()
    out = [f"{values['record']}, to step {values['step']}: {values['verdict']}"]
    out.append(f"{values['silent']} of {values['units']} units silent, {values['kl_nats']:.2f} nats in all")
    for cause in values["causes"]:
        out += ["", f"{cause['confidence']}: {cause['says']}", f"  try: {cause['try']}"]
    if not values["causes"]:
        out += ["", "nothing speaks for a fault" if found.verdict == "healthy" else "no clear cause"]
    return out + [f"note: {note}" for note in values["notes"]]


def lines(found: Diagnosis) -> list[str]:
    """The diagnosis as text."""
    values, record = found.to_json(), found.record
    known = recipes(record.num_embeddings, record.embedding_dim, record.vectors_per_step) if found.causes else None
    out = [f"{values['record']}, to step {values['step']}: {values['verdict']}"]
    for level, entry in enumerate(values["codebooks"], 1):
        name = f"level {level}: " if len(values["codebooks"]) > 1 else ""
        used = f"{entry['used']} of {entry['num_embeddings']} codes used, perplexity {entry['perplexity']:.1f}"
        out.append(f"{name}{used}, {entry['num_vectors']} vectors, {entry['verdict']}")
    for cause in values["causes"]:
        which = f" (level {cause['level']})" if len(values["codebooks"]) > 1 else ""
        out += ["", f"{cause['confidence']}: {cause['says']}{which}", f"  try: {cause['try']}"]
        out += _studied(known, cause["cause"])
    if not values["causes"]:
        out += ["", "no clear cause" if found.verdict in ("collapse", "warning") else "nothing speaks for a fault"]
    return out + [f"note: {note}" for note in values["notes"]]


def _studied(known: Recipes | None, cause: str) -> list[str]:
    """The settings that the codebook study has for a cause."""
    recipe = known.for_cause(cause) if known else None
    if known is None or recipe is None:
        return []
    seeds = ", ".join(map(str, recipe.seeds))
    how = "held" if known.held else "best, though none held,"
    size = f"D = {known.embedding_dim}, K = {known.num_embeddings}"
    shown = f"{recipe.worst:.0%} dead at most, n = {recipe.n}, seeds {seeds}"
    return [f"  {how} in the study at {size} ({shown}): {recipe.flags}"]
