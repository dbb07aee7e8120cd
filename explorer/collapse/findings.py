"""What a report may say, in English; the page has the Chinese twins. Each sentence is a key with its numbers."""

from __future__ import annotations

from typing import Any, Protocol

from explorer.collapse.usage import Usage
from explorer.metrics.collapse import NearDuplicates, NormSpectrum
from explorer.metrics.verdict import VECTORS_PER_CODE

#: A key of `FINDINGS` and the values that its sentence names.
Finding = tuple[str, dict[str, Any]]

#: Findings that say how a file may have been misread: they come first.
WARNINGS = ("transposed", "turned", "whole", "wrapped", "levels_seen", "projected", "unused_file")
#: Of them, those after which nothing is to be tried before the file was read again.
MISREAD = ("transposed", "whole", "projected")
SHORT = 0.2  # of the used codes' length, below which dead codes are too short to be reached

FINDINGS: dict[str, str] = {
    "transposed": (
        "This matrix has fewer rows than columns. It is read as {codes} codes of {dim} numbers each; if it is (D, K), "
        "everything below is wrong: save codebook.T and report again."
    ),
    "turned": (
        "This matrix is read as (D, K), {codes} codes of {dim} numbers each: the indices name each of {codes} columns "
        "and none of the {dim} rows beyond them."
    ),
    "whole": "All values are whole numbers from 0 up: if they are code indices, save them as integers with .long().",
    "one_hot": "{name} holds one-hot rows: {vectors} vectors, {codes} codes.",
    "wrapped": (
        "Indices above {limit} came out negative in {name}: they are read as unsigned, which is right for up to "
        "{codes} codes."
    ),
    "levels": "There are {levels} codebooks, each reported for itself.",
    "levels_seen": (
        "The last axis of {name} is read as {levels} levels with a codebook each, since one uses far fewer codes than "
        "another; if it is a part of the picture, report again with --levels 1."
    ),
    "level_used": "Level {level}: {used} of {codes} codes used, perplexity {perplexity:.1f}.",
    "level_distinct": "Level {level}: {distinct} of {compared} codes are distinct.",
    "linear": "Codes are reported as they are used: those that are stored, passed through {parts}.",
    "affine": "Codes are reported as they are used: moved to the batch's mean and spread by {parts}.",
    "cosine": "Codes are reported as they are used: divided by their length, as a cosine quantizer does.",
    "projected": (
        "{name} lies beside the codebook: if codes pass through it before use, those that are used are not these; "
        "save the ones that are compared with encoder outputs."
    ),
    "unused_file": "{name} was not used: nothing in it goes with what was read.",
    "averaged": (
        "Use is read from running counts, {vectors} hits a step together: a code below {least:.2g} counts as unused."
    ),
    "summed": "Use is read from counts of hits in the file.",
    "fresh": "The counts beside the codebook are all equal, as before the first update: they say nothing about use.",
    "dead": "{dead} of {codes} codes ({share:.1%}) have no hit among these {vectors:,} vectors.",
    "faded": "{dead} of {codes} codes ({share:.1%}) have next to no hits.",
    "all_used": "Every one of {codes} codes has a hit.",
    "few_vectors": "{vectors} vectors are fewer than 10 for each of {codes} codes: some may not have had a turn yet.",
    "at_least": "K was not given, so K ≥ {codes}: codes beyond the largest index may exist and be dead.",
    "ignored": "{ignored} entries were left out as padding, index {index}.",
    "uneven": "Perplexity {perplexity:.1f}: choosing among the {used} used codes says as much as choosing evenly "
    "among {perplexity:.0f}.",
    "duplicates": (
        "{merged} of {compared} codes lie within 1 % of the spread, or within rounding, of another: {distinct} are "
        "distinct."
    ),
    "sampled": "Near-duplicates were looked for in a sample of {compared} of {codes} codes.",
    "zero": "{zero} codes are exactly 0, as EMA codes that were never assigned are after sonnet's zero-debiased start.",
    "far": "{far} codes without a hit are over 100 times longer than any used one, as after the snippet's EMA start.",
    "short": "Codes without a hit are short, {dead:.2g} long where used ones are {used:.2g} (medians): they are too "
    "near to 0 to be the nearest.",
    "two_lengths": "{far} codes are over 100 times longer than the median: one group is likely dead, hits say which.",
    "point": "All codes are the same point.",
    "no_counts": "How often a code is used: vectors alone do not say. Add the indices of a validation set.",
    "no_vectors": "Where the codes lie and which are near-duplicates: indices alone do not say. Add the codebook.",
    "which_split": "Whether the indices are of held-out data in eval mode: only you know which vectors they come from.",
    "as_stored": (
        "Whether codes are used as they are stored: if your quantizer divides them by their length (cosine), say so, "
        "--cosine on the command line."
    ),
    "why": "Why codes died: that takes a record of training, such as hits and lengths at each step.",
    "quality": "Whether the decoder's pictures are good: that takes the model.",
}


class Measured(Protocol):
    """One codebook's numbers, as far as a file holds them."""

    @property
    def size(self) -> tuple[int, int] | None:
        """(K, D)."""

    @property
    def usage(self) -> Usage | None:
        """Of its codes."""

    @property
    def duplicates(self) -> NearDuplicates | None:
        """Among its codes."""

    @property
    def norms(self) -> NormSpectrum | None:
        """Of its codes."""


def codebook_findings(measured: Measured) -> list[Finding]:
    """What one codebook's numbers show."""
    found = use_findings(measured.usage) if measured.usage else []
    if measured.duplicates and measured.size:
        found += duplicate_findings(measured.duplicates, measured.size[0])
    if norms := measured.norms:
        found += [("zero", {"zero": norms.zero})] if norms.zero else []
        if norms.used and norms.dead and norms.dead < SHORT * norms.used:
            found.append(("short", {"used": norms.used, "dead": norms.dead}))
        found += [("far" if measured.usage else "two_lengths", {"far": norms.far})] if norms.far else []
    return found


def use_findings(usage: Usage) -> list[Finding]:
    """What hits show."""
    numbers = {"codes": usage.codes, "vectors": usage.num_vectors}
    found: list[Finding] = []
    if usage.dead:
        key = "faded" if usage.averaged else "dead"
        found.append((key, numbers | {"dead": usage.dead, "share": usage.dead / usage.codes}))
    else:
        found.append(("all_used", {"codes": usage.codes}))
    if usage.vectors_behind < VECTORS_PER_CODE * usage.codes:
        found.append(("few_vectors", numbers))
    if not usage.known:
        found.append(("at_least", {"codes": usage.codes}))
    if usage.ignored:
        found.append(("ignored", {"ignored": usage.ignored, "index": usage.padding}))
    return [*found, ("uneven", {"perplexity": usage.perplexity, "used": usage.used})]


def duplicate_findings(duplicates: NearDuplicates, codes: int) -> list[Finding]:
    """What distances between codes show."""
    found: list[Finding] = []
    merged = duplicates.compared - duplicates.distinct
    if duplicates.distinct == 1 and duplicates.compared > 1:
        found.append(("point", {}))
    elif merged:
        counted = {"merged": merged, "compared": duplicates.compared, "distinct": duplicates.distinct}
        found.append(("duplicates", counted))
    if duplicates.compared < codes:
        found.append(("sampled", {"compared": duplicates.compared, "codes": codes}))
    return found
