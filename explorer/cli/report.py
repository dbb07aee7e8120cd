"""`python -m explorer report FILE`: the collapse report of anyone's codebook or code indices."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from explorer.collapse.document import write_report
from explorer.collapse.english import report_document
from explorer.collapse.reporting import FINDINGS, CodebookReport, CollapseReport, collapse_report
from explorer.errors import FileError
from explorer.metrics.collapse import QUANTILES

#: Exit code of a report on a collapse.
COLLAPSE = 3


def add_report(commands: Any) -> None:
    """The command's flags."""
    report = commands.add_parser(
        "report",
        help="the health of a codebook or of code indices in a file",
        description="Which codes are used, and which are distinct. Ends with 3 on a collapse, 2 on bad input, else 0.",
    )
    report.set_defaults(command=report_command)
    report.add_argument("files", nargs="+", type=Path, metavar="FILE", help=".npy, .npz or .safetensors; one or more")
    report.add_argument("--key", action="append", default=[], metavar="NAME", help="tensor to take; may be repeated")
    report.add_argument("--num-embeddings", metavar="K", help="for indices without a codebook")
    report.add_argument("--ignore-id", metavar="ID", help="an index that stands for no code, such as -1")
    report.add_argument(
        "--levels", metavar="L", help="codebooks that indices of shape (..., L) are of; 1 for a picture"
    )
    report.add_argument("--cosine", action="store_true", help="codes are compared by direction")
    report.add_argument("--json", action="store_true", help="as JSON")
    report.add_argument("--out", type=Path, metavar="FILE", help="also write it: .html, .md or .json by the name")


def report_command(args: argparse.Namespace) -> int:
    """Read the files and print what they show; 3 on a collapse."""
    report = collapse_report(
        [(path, "") for path in args.files],
        keys=args.key,
        num_embeddings=whole("num-embeddings", args.num_embeddings),
        ignore=whole("ignore-id", args.ignore_id),
        levels=whole("levels", args.levels),
        cosine=args.cosine,
    )
    if args.out:
        name = ", ".join(path.name for path in args.files)
        write_report(args.out, report_document(report, name), {"name": name} | report.to_json())
    print(json.dumps(report.to_json(), indent=2) if args.json else "\n".join(lines(report)))
    return COLLAPSE if report.verdict == "collapse" else 0


def whole(name: str, value: str | None) -> int | None:
    """A flag's whole number.

    Raises:
        FileError: it is none.
    """
    try:
        return None if value is None else int(value)
    except ValueError as error:
        raise FileError("report_whole", name=name, got=value) from error


def lines(report: CollapseReport) -> list[str]:
    """The report as text."""
    out = [f"read {source}" for source in report.sources]
    several = len(report.codebooks) > 1
    for number, codebook in enumerate(report.codebooks):
        out += ["", f"level {number + 1}"] if several else []
        out += _numbers(codebook)
    out += ["", "shows", *(f"  {FINDINGS[key].format(**numbers)}" for key, numbers in report.shows)]
    return [*out, "cannot tell", *(f"  {FINDINGS[key].format(**numbers)}" for key, numbers in report.cannot_tell)]


def _numbers(report: CodebookReport) -> list[str]:
    out = [f"{'verdict':16} {report.verdict}"]
    if usage := report.usage:
        bound = "" if usage.known else "≥ "
        out += [
            f"{'codes':16} {bound}{usage.codes}",
            f"{'hits a step' if usage.averaged else 'vectors':16} {usage.num_vectors}",
            f"{'used':16} {usage.used} ({'≤ ' if not usage.known else ''}{usage.usage:.1%})",
            f"{'dead':16} {bound}{usage.dead}",
            f"{'perplexity':16} {usage.perplexity:.2f}",
        ]
    if duplicates := report.duplicates:
        out.append(f"{'distinct codes':16} {duplicates.distinct} of {duplicates.compared} compared")
    if norms := report.norms:
        spectrum = ", ".join(f"{q:.0%} {v:.4g}" for q, v in zip(QUANTILES, norms.quantiles, strict=True))
        out.append(f"{'lengths':16} {spectrum}")
    if report.plane is not None and report.size and report.size[1] > 2:
        out.append(f"{'PCA plane':16} keeps {report.plane.explained:.1%} of the variance")
    return out
