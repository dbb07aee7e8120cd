"""What a reader is looking at, as ids and numbers, and its twin in the link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from urllib.parse import urlencode

from explorer.data import image_set_names
from explorer.errors import ViewError
from explorer.jobs.home import visitor_folder
from explorer.jobs.limits import limits
from explorer.jobs.tokens import is_token, is_watch_token
from explorer.metrics import codebook_life
from explorer.models.prior.drawing import MAX_TEMPERATURE
from explorer.ui.computed import catalog, records
from explorer.ui.computed.colouring import factor_names
from explorer.ui.computed.pairs import default_pair
from explorer.ui.view import values
from explorer.ui.view.sandbox import as_text as sandbox_text

#: What the page opens with: the first of the bundled sets.
DEFAULT_DATA = image_set_names()[0]
TABS = ("start", "latent", "reconstruct", "codebook", "collapse", "generate", "elbo", "train")
#: Links name it; one without it is read as it was meant, with the defaults of its time.
LINK_VERSION = "2"
OLD_DEFAULTS = {"data": "fashion", "tab": "latent"}
#: Screens of the tab Start.
SCREENS = 5
LANGUAGES = ("en", "zh")
MAPS = ("pca", "umap")

#: What a link can take off the page, beside tabs, by where it stands ("page": around the tabs). A part says what it is
#: with `data-part="NAME"`; one that stands on two tabs is listed at the first.
PARTS_OF = {
    "page": (
        *("data", "left", "right", "language", "link", "class", "reset", "present", "expert"),
        *("strip", "lines", "guide"),
    ),
    "latent": ("workbench", "between", "levels", "features"),
    "reconstruct": ("sharpness",),
    "codebook": ("cases", "units", "rule", "scrubber", "sandbox", "curves", "follow", "step", "study", "waste"),
    "collapse": ("report", "remedies"),
    "generate": ("walk", "comparison", "quality"),
    "elbo": ("loss", "draw", "sweep", "evidence", "quantize", "codes"),
    "train": ("setup", "presets", "own", "training", "steer", "kept"),
}
PARTS = tuple(name for parts in PARTS_OF.values() for name in parts)
HIDEABLE = (*TABS, *PARTS)

#: How the planes are drawn.
PLANES = ("thumbs", "manifold", "linked")

#: How the tab Reconstruct sorts the images that are looked at closely.
ORDERS = ("strip", "differ", "gain", "left", "right")

#: What the tab Generate draws a VAE's z from, and how many samples of everything it shows.
PRIORS = ("normal", "simple", "learned", "mixture")
SAMPLES = (16, 32, 64)

MAX_STEP = 10_000_000
MAX_CODE = 1_048_576
MAX_SEED = 1_000_000
MAX_LABEL = 1000
GUIDE_STEPS = 11

#: How the tab Codebook counts codes: which states are dead, over how many recorded windows, and below which percentage
#: of even use a code starves.
RULES = tuple(codebook_life.RULES)
WINDOWS = (1, 2, 4, 8)
MAX_STARVED = 100


#: What a link may say of the reader alone; it opens the page where everybody begins.
READERS_OWN = frozenset({"lang", "mine"})


@dataclass(frozen=True)
class View:
    """The selection that drives every tab.

    Attributes:
        data: image set.
        left: run on the left.
        right: run on the right.
        image: position within the test split of `data`.
        image_b: a second image to compare with.
        step: training step of the film; None for the final weights.
        code: pinned code of the right run; whether it has that many codes is the scene's business.
        record: name of the record that the tab Codebook shows on the left; "" for none.
        z: pinned point of the left run's latent; empty for none.
        rule: which codes the tab Codebook counts as dead, one of `RULES`.
        windows: recorded windows that its counts are made over, one of `WINDOWS`.
        starved: a code starves below this percentage of even use.
        decay, epsilon, lr: the opened update's γ, ε and learning rate; None for the run's own.
        sandbox: what the sandbox is set to, as `explorer.ui.view.sandbox` writes it; "" for its default.
        factor: by which feature of its pictures points are coloured; "" for the class.
        map: "pca" or "umap": how a latent of more than two numbers is drawn.
        planes: some of `PLANES`, in that order.
        order: how the tab Reconstruct sorts what is looked at closely, one of `ORDERS`.
        temperature, top_k, label: what the learned prior writes with; 0 for all codes, None for any class.
        prior: what a VAE's samples are drawn from, one of `PRIORS`; a run without it shows its first.
        samples: how many of each gallery of the tab Generate, one of `SAMPLES`.
        seed: of everything that is drawn at random: the same seed shows the same pictures.
        mine: the token of a visitor who trained something here, or one that lets its holder look at that; it is never
            in the query.
        screen: the open screen of the tab Start, from 1.
        tab: the open tab, none of `hide`.
        lang: "en" or "zh".
        expert: whether figures that need some statistics are shown too.
        present: larger type and dots, for a beamer.
        hide: some of `HIDEABLE`, in that order: what a teacher has taken off the page.
        guide: open step of the guide, from 1; 0 while it is folded away.
    """

    data: str = DEFAULT_DATA
    left: str = f"{DEFAULT_DATA}-vae-z2-s0"
    right: str = f"{DEFAULT_DATA}-vqvae-d2-k256-ema-s0"
    image: int = 0
    image_b: int | None = None
    step: int | None = None
    code: int | None = None
    record: str = ""
    z: tuple[float, ...] = field(default=())
    rule: str = "stale"
    windows: int = 1
    starved: int = 10
    decay: float | None = None
    epsilon: float | None = None
    lr: float | None = None
    sandbox: str = ""
    factor: str = ""
    map: str = "pca"
    planes: tuple[str, ...] = ()
    order: str = "strip"
    temperature: float = 1.0
    top_k: int = 0
    label: int | None = None
    prior: str = "normal"
    samples: int = 16
    seed: int = 0
    mine: str = ""
    screen: int = 1
    tab: str = "latent"
    lang: str = "en"
    expert: bool = False
    present: bool = False
    hide: tuple[str, ...] = ()
    guide: int = 0

    def to_query(self, browser_lang: str = "en") -> str:
        """The query of the link that restores this view, without `?`; empty for the default view.

        Args:
            browser_lang: the language the reader's browser asks for. English is left out of the link only if the
                page would come up in English anyway.
        """
        plain = default_view(self.data)
        chosen = {
            f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != getattr(plain, f.name)
        }
        chosen.pop("mine", None)  # tokens travel in the fragment, which no server sees
        if self.lang != browser_lang:
            chosen["lang"] = self.lang
        if self.guide:
            chosen["tab"] = self.tab  # a link without a tab opens its step as the guide sets it up
        if not chosen and self.data == DEFAULT_DATA:
            return ""
        names = {"v": LINK_VERSION, **{key: getattr(self, key) for key in ("data", "left", "right", "tab")}}
        chosen = names | {key: value for key, value in chosen.items() if key not in names}
        return urlencode({key: values.as_query(value) for key, value in chosen.items()}, safe=",")


def default_view(data: str = DEFAULT_DATA, lang: str = "en") -> View:
    """What the page shows of a set before anything was chosen. A side without any run is the empty string."""
    return View(
        data=data,
        left=catalog.default_run(data, catalog.LEFT_KINDS) or "",
        right=catalog.default_run(data, catalog.RIGHT_KINDS) or "",
        image=default_pair(data)[0],
        tab=TABS[0],
        lang=lang,
    )


def from_query(query: Mapping[str, object], browser_lang: str = "en") -> tuple[View, tuple[ViewError, ...]]:
    """The view of a link, and one note for each value that named nothing and fell back to its default.

    Args:
        query: parameters by name, from a link or from the client; keys that are no field of a View are ignored.
        browser_lang: the language when the link names none.
    """
    notes: list[ViewError] = []
    begin = OLD_DEFAULTS if _is_old(query) else {"data": DEFAULT_DATA, "tab": TABS[0]}

    def read(key: str, parse: Callable[[str], object], fallback: object) -> object:
        value = values.as_text(query.get(key))
        if not value:
            return fallback
        try:
            return parse(value)
        except ViewError as note:
            notes.append(note)
            return fallback

    def names(key: str, known: tuple[str, ...]) -> tuple[str, ...]:
        """Those of them that are known; the others are left out, with a note."""
        wanted = values.as_text(query.get(key)).split(",")
        if unknown := [name for name in wanted if name and name not in known]:
            notes.append(
                ViewError("view_names", key=key, got=catalog.readable(", ".join(unknown)), known=" ".join(known))
            )
        return tuple(name for name in known if name in wanted)

    lang = read("lang", values.one_of("lang", LANGUAGES), browser_lang)
    mine = str(read("mine", _visitor, ""))
    with catalog.visiting(mine):
        data = read("data", values.one_of("data", catalog.image_sets()), begin["data"])
        plain = replace(default_view(str(data), str(lang)), mine=mine, tab=begin["tab"])
        found = {key: read(key, parse, getattr(plain, key)) for key, parse in _parsers(plain.data).items()}
    view = replace(plain, **found, planes=names("planes", PLANES), hide=names("hide", HIDEABLE))  # type: ignore[arg-type]
    return _open(view, notes), tuple(notes)


def _is_old(query: Mapping[str, object]) -> bool:
    """Whether a link is from before there were versions: it has none, and names more than what is the reader's own."""
    named = {f.name for f in fields(View) if query.get(f.name) not in (None, "")}
    return str(query.get("v")) != LINK_VERSION and not named <= READERS_OWN


def _parsers(data: str) -> dict[str, Callable[[str], object]]:
    """How each value is read that is one word or number."""
    count = catalog.test_count(data)
    runs = tuple(summary.id for summary in catalog.runs_of(data))
    return {
        "left": values.run("left", runs, data),
        "right": values.run("right", runs, data),
        "image": values.below("image", count),
        "image_b": values.below("image_b", count),
        "step": values.below("step", MAX_STEP),
        "code": values.below("code", MAX_CODE),
        "record": values.one_of("record", records.shown_names()),
        "z": values.point,
        "rule": values.one_of("rule", RULES),
        "windows": values.number_of("windows", WINDOWS),
        "starved": values.percent("starved", MAX_STARVED),
        "decay": values.between("decay", 0, 0.99999),
        "epsilon": values.between("epsilon", 1e-12, 1),
        "lr": values.between("lr", 1e-6, 1000),
        "sandbox": sandbox_text,
        "factor": values.one_of("factor", factor_names(data)),
        "map": values.one_of("map", MAPS),
        "order": values.one_of("order", ORDERS),
        "temperature": values.between("temperature", 0, MAX_TEMPERATURE),
        "top_k": values.below("top_k", MAX_CODE),
        "label": values.below("label", MAX_LABEL),
        "prior": values.one_of("prior", PRIORS),
        "samples": values.number_of("samples", SAMPLES),
        "seed": values.below("seed", MAX_SEED),
        "screen": values.counted("screen", SCREENS),
        "tab": values.one_of("tab", TABS),
        "expert": values.flag("expert"),
        "present": values.flag("present"),
        "guide": values.below("guide", GUIDE_STEPS + 1),
    }


def _open(view: View, notes: list[ViewError]) -> View:
    """The view with a tab that is not hidden; where all are, none is."""
    visible = tuple(tab for tab in TABS if tab not in view.hide)
    if not visible:
        notes.append(ViewError("view_hides_all"))
        return replace(view, hide=tuple(name for name in view.hide if name not in TABS))
    return view if view.tab in visible else replace(view, tab=visible[0])


def _visitor(value: str) -> str:
    if not (is_token(value) or is_watch_token(value)) or not visitor_folder(value).is_dir():
        raise ViewError("view_mine", days=f"{limits().days:g}")
    return value
