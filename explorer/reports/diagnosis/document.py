"""A diagnosis as a document in English, for the command line; the page has its own in both languages."""

from __future__ import annotations

from explorer.collapse.document import Document, Item, Section
from explorer.collapse.sketch import WORDS, sketch_svg
from explorer.reports.diagnosis.diagnose import Diagnosis
from explorer.reports.diagnosis.sentences import CAUSE_SENTENCES, REMEDIES
from explorer.reports.diagnosis.units import UnitDiagnosis


def diagnosis_document(found: Diagnosis) -> Document:
    """All that a diagnosis says."""
    values = found.to_json()
    several = len(found.codebooks) > 1
    items = []
    for one in found.causes:
        said = CAUSE_SENTENCES[one.cause].format(**one.numbers)
        which = f" (level {one.level + 1})" if several else ""
        figure = sketch_svg(one.sketch, WORDS, said) if one.sketch else ""
        items.append(Item(f"{one.confidence}: {said}{which}", (REMEDIES[one.cause].format(**one.numbers),), figure))
    if not items:
        wrong = found.verdict in ("collapse", "warning")
        items.append(Item("no clear cause" if wrong else "nothing speaks for a fault"))
    levels = tuple(
        Item(f"level {number}: {entry['used']} of {entry['num_embeddings']} codes used, {entry['verdict']}")
        for number, entry in enumerate(values["codebooks"], 1)
    )
    entry = values["codebooks"][0]
    labels = {"num_embeddings": "codes", "num_vectors": "vectors", "used": "used", "dead": "dead"}
    numbers = tuple((label, f"{entry[name]:,}") for name, label in labels.items())
    return Document(
        "en",
        f"Diagnosis of {values['record']}",
        (f"to step {values['step']}",),
        (found.verdict, found.verdict, ""),
        () if several else (*numbers, ("perplexity", f"{entry['perplexity']:.1f}")),
        (
            Section("Causes", tuple(items)),
            Section("Codebooks", levels if several else ()),
            Section("Notes", tuple(Item(note) for note in values["notes"])),
        ),
    )


def unit_document(found: UnitDiagnosis) -> Document:
    """All that the diagnosis of a VAE's record says."""
    values = found.to_json()
    items = [Item(f"{one['confidence']}: {one['says']}", (one["try"],)) for one in values["causes"]]
    if not items:
        items.append(Item("nothing speaks for a fault" if found.verdict == "healthy" else "no clear cause"))
    numbers = (("units", f"{values['units']}"), ("silent", f"{values['silent']}"), ("nats", f"{values['kl_nats']:.2f}"))
    return Document(
        "en",
        f"Diagnosis of {values['record']}",
        (f"to step {values['step']}",),
        (found.verdict, found.verdict, ""),
        numbers,
        (Section("Causes", tuple(items)), Section("Notes", tuple(Item(note) for note in values["notes"]))),
    )
