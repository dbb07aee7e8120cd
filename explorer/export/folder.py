"""An exploration written into a folder: whole, or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

from explorer.errors import ViewError
from explorer.export import page
from explorer.export.answers import Offered, Question, answered
from explorer.export.asked import ASKED
from explorer.export.frozen import PACKED, answers_file, changes_file, encoded, packed
from explorer.export.media import DIGITS, Media
from explorer.export.patches import Change
from explorer.export.scenes import axes_of, record, written
from explorer.export.selection import Chosen
from explorer.ui.http import printed_guide, routes
from explorer.ui.http.printed_guide import guide_page
from explorer.ui.page import bare
from explorer.ui.text import text
from explorer.ui.view import LANGUAGES, TABS, default_view
from explorer.ui.view.state import OLD_DEFAULTS

#: Tabs whose parts need the app: their scenes name nothing that nobody sees.
ABSENT_TABS = ("train",)
FROZEN = "explorer/frozen"
#: Where the guide's panel looks for it on paper.
GUIDE = printed_guide.PATH
TO_PRINTED = (
    '<!doctype html><meta charset="utf-8"><title>…</title><script>const q = new URLSearchParams(location.search);'
    'location.replace(`${q.get("data")}.${q.get("lang")}.1.html`);</script>\n'
)
#: Written into the folder, so that exporting again may replace it, and nothing else.
MARK = ".exploration"
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        folder: where.
        files: how many.
        size: of all of them, in bytes.
        digest: of the content: the same input gives the same.
    """

    folder: Path
    files: int
    size: int
    digest: str


def export(
    folder: Path,
    what: Sequence[Chosen],
    *,
    app: str = "",
    tell: Tell = lambda _: None,
    tabs: tuple[str, ...] = TABS,
    asked: Mapping[str, Question] = ASKED,
) -> Exported:
    """Write an exploration.

    Args:
        folder: where; made, or replaced if an exploration stands there.
        what: from `explorer.export.selection.chosen`.
        app: address of the app, named where something needs it; "" names none.
        tell: called with a line for each step.
        tabs: whose scenes are recorded; `asked` then has no question of another.
        asked: the questions that are answered.

    Raises:
        ViewError: the folder holds something else.
        ExplorerError: a run or an image set cannot be read.
    """
    if folder.exists() and not (folder.is_dir() and ((folder / MARK).is_file() or not any(folder.iterdir()))):
        raise ViewError("export_folder", folder=folder)
    files = contents(what, app=app, tell=tell, tabs=tabs, asked=asked)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".exploration-", dir=folder.parent))
    try:
        for name, body in files.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).write_bytes(body)
        if folder.exists():
            shutil.rmtree(folder)
        fresh.chmod(0o755)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return Exported(folder, len(files), sum(map(len, files.values())), digest_of(files))


def contents(
    what: Sequence[Chosen],
    *,
    app: str = "",
    tell: Tell = lambda _: None,
    tabs: tuple[str, ...] = TABS,
    asked: Mapping[str, Question] = ASKED,
) -> dict[str, bytes]:
    """Every file of an exploration by its path; see `export`."""
    writing = _Writing(tuple(each.data for each in what), tabs, tell)
    sets = {each.data: writing.of_set(each) for each in what}
    questions = {name: writing.question(name, question) for name, question in sorted(asked.items())}
    folder = f"{FROZEN}/{digest_of(writing.frozen)[:DIGITS]}/"
    described = page.described() | {
        "folder": folder,
        "app": app,
        "usual": default_view().data,
        "old": OLD_DEFAULTS,
        "sets": sets,
        "questions": questions,
        "first": writing.first,
    }
    files = {f"{folder}{name}{PACKED}": packed(body) for name, body in writing.frozen.items()}
    files |= writing.media.files | _assets() | _styles() | _printed(what)
    files["index.html"] = page.html(described, text("page.title", "en")).encode()
    files["README.md"] = _readme().encode()
    files[".nojekyll"] = b""
    files[MARK] = f"{digest_of(files)}\n".encode()
    return dict(sorted(files.items()))


def digest_of(files: dict[str, bytes]) -> str:
    """SHA-256 over names and contents."""
    digest = hashlib.sha256()
    for name, body in sorted(files.items()):
        digest.update(f"{name}\0{len(body)}\0".encode())
        digest.update(body)
    return digest.hexdigest()


class _Writing:
    """What has been recorded so far.

    Attributes:
        frozen: files of scenes and answers, by their path below the frozen folder.
        media: heavy things that those name.
        first: the scene that the page opens with.
    """

    def __init__(self, sets: tuple[str, ...], tabs: tuple[str, ...], tell: Tell) -> None:
        self.sets, self.tabs, self.tell = sets, tabs, tell
        self.frozen: dict[str, bytes] = {}
        self.media = Media()
        self.offered: list[Offered] = []
        self.first: dict[str, Any] = {}

    def of_set(self, chosen: Chosen) -> dict[str, Any]:
        """Record an image set's scenes; what the host has to know of it."""
        view = json.loads(json.dumps(vars(chosen.opening)))
        pairs = [self.pair(chosen, number) for number in range(len(chosen.pairs))]
        return {"view": view, "pairs": pairs}

    def pair(self, chosen: Chosen, number: int) -> dict[str, Any]:
        """Record a pair's scenes; which Views of it there are, and in which files."""
        left, right = pair = chosen.pairs[number]
        self.tell(f"{chosen.data}: {left} · {right}")
        made = record(chosen, pair, self.tabs, ABSENT_TABS)
        folder = f"{chosen.data}/{number}"
        for (tab, lang), scene in made.scenes.items():
            kept = self.listed(self.media.moved(scene), chosen)
            self.frozen[f"{folder}/{tab}.{lang}.json"] = encoded(kept)
            self.first = self.first or {**kept, "view": json.loads(json.dumps(vars(chosen.opening))), "notes": []}
        files = [name for name in made.along if self.along(f"{folder}/{'-'.join(name)}.json", made.along[name])]
        axes = {axis: [written(value) for value in values] for axis, values in axes_of(chosen, pair).items()}
        view = replace(chosen.opening, left=left, right=right)
        self.offered.append(Offered(chosen, pair, view, {tab: made.scenes[tab, "en"] for tab in self.tabs}))
        return {
            "left": left,
            "right": right,
            "folder": folder,
            "axes": axes,
            "files": ["-".join(name) for name in files],
        }

    def along(self, path: str, along: dict[tuple[str, str], list[Change]]) -> bool:
        """Write changes; False where there are none."""
        moved = {
            ".".join(key): [(place, self.media.moved(new)) for place, new in by] for key, by in along.items() if by
        }
        if moved:
            self.frozen[path] = changes_file(moved)
        return bool(moved)

    def listed(self, scene: Any, chosen: Chosen) -> Any:
        """A scene whose bar lists only what is exported."""
        runs, bar = {run for pair in chosen.pairs for run in pair}, scene["bar"]
        groups = [
            {**group, "options": [each for each in group["options"] if each["id"] in runs]} for group in bar["runs"]
        ]
        sets = [each for each in bar["sets"] if each["id"] in self.sets]
        return {**scene, "bar": {**bar, "sets": sets, "runs": [group for group in groups if group["options"]]}}

    def question(self, name: str, question: Question) -> dict[str, Any]:
        """Record a question's answers; how they are looked up."""
        self.tell(f"question {name}")
        groups: dict[str, dict[str, Any]] = {}
        for offered in self.offered:
            for group, key, answer in answered(name, question, offered):
                groups.setdefault(group, {})[key] = self.media.moved(answer)
        files = {
            group: f"{name}/{hashlib.sha256(group.encode()).hexdigest()[:DIGITS]}.json" for group in sorted(groups)
        }
        self.frozen |= {files[group]: answers_file(groups[group]) for group in files}
        return {"plain": question.plain, "split": question.split, "by": question.by, "files": files}


def _printed(what: Sequence[Chosen]) -> dict[str, bytes]:
    """The guide on paper, of each set whose guide is walked; `explorer/guide` leads to it as the app's address does."""
    style = f"../../{routes.asset_address('guide/printed.css')}"
    files = {}
    for data, lang, answers in product([each.data for each in what if each.steps], LANGUAGES, "01"):
        body = guide_page({"data": data, "lang": lang, "answers": answers}, lang, style)
        other = f"?data={data}&amp;lang={lang}&amp;answers={1 - int(answers)}"
        body = body.replace(other, f"{data}.{lang}.{1 - int(answers)}.html").replace('"../?', '"../../index.html?')
        files[f"{GUIDE}/{data}.{lang}.{answers}.html"] = body.encode()
    return files | ({f"{GUIDE}/index.html": TO_PRINTED.encode()} if files else {})


def _assets() -> dict[str, bytes]:
    _, files = routes._assets()
    return {routes.asset_address(name): body for name, body in files.items()}


def _styles() -> dict[str, bytes]:
    base, _ = bare.base_style()
    theme, fonts = bare.theme_style()
    return {"base.css": base.encode(), "theme.css": theme.encode(), "page.css": bare.page_style().encode(), **fonts}


def _readme() -> str:
    """The front matter by which a Hub serves the folder as it is, and how to look at it elsewhere."""
    return (
        f"---\ntitle: {text('page.title', 'en')}\nsdk: static\npinned: false\nlicense: mit\n---\n\n"
        "An exploration of a VAE and a VQ-VAE, as files: any server of files shows it, for example\n"
        "`python -m http.server` in this folder. All was computed beforehand; nothing is fetched from elsewhere.\n"
    )
