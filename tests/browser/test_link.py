"""The link: what a reader copies, goes back to, and what a teacher hands out."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from explorer.ui.view import PARTS, TABS
from tests.browser.links import on_latent
from tests.browser.pages import VIEW

GRADIENT = "fashion-vqvae-d2-k256-gradient-s0"


def commit(page, patch):
    """Commits to the View and waits for the scene that belongs to it."""
    page.evaluate(f"window.explorer.store.commit({patch})")
    page.wait_for_function(
        f"Object.entries({patch}).every(([k, v]) => JSON.stringify({VIEW}[k]) === JSON.stringify(v))"
    )


def shows(page, field, value):
    page.wait_for_function(f"([k, v]) => JSON.stringify({VIEW}[k]) === JSON.stringify(v)", arg=[field, value])


def test_back_and_forward_lead_through_what_was_committed(open_page):
    page = open_page()
    page.locator(".ex-strip .ex-thumb").nth(20).click()
    page.wait_for_function(f"{VIEW}.image !== 0")
    image = page.evaluate(f"{VIEW}.image")
    page.get_by_label("Right", exact=True).select_option(GRADIENT)
    shows(page, "right", GRADIENT)
    page.get_by_role("tab", name="Codebook").click()
    shows(page, "tab", "codebook")
    page.go_back()
    shows(page, "tab", "latent")
    expect(page.get_by_role("tab", name="Latent")).to_have_attribute("aria-selected", "true")
    page.go_back()
    shows(page, "right", "fashion-vqvae-d2-k256-ema-s0")
    expect(page.get_by_label("Right", exact=True)).to_have_value("fashion-vqvae-d2-k256-ema-s0")
    expect(page).to_have_url(re.compile(rf"&image={image}$"))
    page.go_back()
    shows(page, "image", 0)
    assert page.url.endswith("&tab=latent")
    for _ in range(3):
        page.go_forward()
    shows(page, "tab", "codebook")
    expect(page.get_by_role("tab", name="Codebook")).to_have_attribute("aria-selected", "true")
    expect(page).to_have_url(re.compile(rf"right={GRADIENT}.*tab=codebook"))


def test_a_walk_along_the_strip_is_one_entry(new_context, app_url):
    page = new_context().new_page()
    page.goto(app_url + on_latent(""))
    page.wait_for_function("window.explorer?.store.scene")
    page.locator(".ex-strip .ex-thumb[aria-checked=true]").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(f"JSON.stringify(window.explorer.store.view) === JSON.stringify({VIEW}) && {VIEW}.image")
    page.wait_for_function("location.search.endsWith(`&image=${window.explorer.store.view.image}`)")
    assert page.evaluate("history.length") == 3  # the empty page, the first view, and the walk


def test_inside_a_frame_no_entries_are_made(new_context, app_url):
    page = new_context().new_page()
    # Of the same server, since strangers may not hold the page (explorer.ui.http.guard).
    holder = f"{app_url.rstrip('/')}/holder"
    body = f'<iframe src="{app_url}" width="1200" height="700"></iframe>'
    page.route(holder, lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(holder)
    frame = page.frames[-1]
    frame.wait_for_function("window.explorer?.store.scene")
    before = page.evaluate("history.length")
    frame.evaluate("window.explorer.store.commit({image: 9})")
    frame.wait_for_function("location.search.endsWith('&image=9')")
    assert page.evaluate("history.length") == before


def test_what_is_copied_restores_what_is_on_screen(open_page):
    page = open_page("?__theme=dark", permissions=["clipboard-read", "clipboard-write"])
    wanted = {"image": 9, "planes": ["manifold"], "temperature": 0.5, "expert": True, "z": [0.5, -1]}
    commit(page, str(wanted).replace("True", "true"))
    page.wait_for_function("location.search.includes('image=9')")
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_function("document.querySelector('.ex-copy').dataset.state")
    link = page.evaluate("navigator.clipboard.readText()")
    assert "__theme" not in link
    other = open_page(link.partition("/?")[2].join(["?", ""]))
    shows(other, "image", 9)
    assert {key: other.evaluate(f"{VIEW}.{key}") for key in wanted} == wanted
    expect(other.locator("#ex-left [data-tool=manifold]")).to_have_attribute("aria-pressed", "true")


def test_a_teacher_takes_tabs_and_parts_off_the_page(open_page):
    page = open_page("?hide=latent,generate,strip,link,nonsense&tab=latent")
    shows(page, "tab", "start")
    expect(page.get_by_role("tab", name="Start")).to_have_attribute("aria-selected", "true")
    for hidden in ("Latent", "Generate"):
        expect(page.get_by_role("tab", name=hidden)).to_be_hidden()
    expect(page.get_by_role("button", name="Copy link")).to_be_hidden()
    expect(page.locator(".ex-strip")).to_be_hidden()
    expect(page.locator(".ex-note")).to_contain_text("nonsense")
    expect(page.get_by_role("tab", name="Codebook")).to_be_visible()


def test_every_part_that_a_link_can_hide_is_there(open_page):
    page = open_page()
    for tab in TABS:
        commit(page, f"{{tab: '{tab}'}}")
    page.wait_for_function(
        """(parts) => {
          const there = [...document.querySelectorAll("[data-part]")].flatMap(({ dataset }) => dataset.part.split(" "));
          return parts.every((name) => there.includes(name)) && there.every((name) => parts.includes(name));
        }""",
        arg=list(PARTS),
    )


def test_the_expert_switch_brings_what_beginners_are_spared(open_page):
    page = open_page("?tab=generate")
    table = page.locator(".ex-gen-quality table")
    expect(table.get_by_role("columnheader", name="KID-clf")).to_be_visible()
    expect(table.get_by_role("columnheader", name="C2ST")).to_be_hidden()
    page.get_by_role("button", name="Expert").click()
    expect(table.get_by_role("columnheader", name="C2ST")).to_be_visible()
    expect(page).to_have_url(re.compile("expert=1"))


def test_a_reset_leads_back_to_the_beginning_but_keeps_what_is_the_readers(open_page):
    page = open_page(f"?right={GRADIENT}&image=17&tab=codebook&lang=zh&hide=strip&rule=never&decay=0.5")
    shows(page, "tab", "codebook")
    page.get_by_role("button", name="重置").click()
    shows(page, "tab", "start")
    expect(page).to_have_url(re.compile(r"&tab=start&lang=zh&hide=strip$"))
    expect(page.get_by_role("tab").first).to_have_attribute("aria-selected", "true")
    page.go_back()
    shows(page, "rule", "never")
    expect(page.get_by_role("tab", name="码本")).to_have_attribute("aria-selected", "true")


def test_sliders_of_the_opened_update_stand_in_the_link(open_page):
    page = open_page("?tab=codebook&decay=0.5")
    slider = page.locator("#ex-cb-decay")
    expect(slider).to_have_attribute("aria-valuetext", "0.5")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(f"{VIEW}.decay !== 0.5")
    assert page.evaluate("document.querySelector('.ex-cb-step').explorer.settings.values.decay") == page.evaluate(
        f"{VIEW}.decay"
    )


def test_what_the_prior_writes_with_stands_in_the_link(open_page):
    page = open_page("?tab=generate&temperature=0.5&top_k=7&prior=learned&samples=32")
    expect(page.locator(".ex-gen-side").first.get_by_role("button", name="Learned prior")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page.locator(".ex-gen-side").first.locator(".ex-gen-sample")).to_have_count(32)
    page.locator(".ex-gen-head").get_by_role("button", name="16").click()
    expect(page.locator(".ex-gen-side").first.locator(".ex-gen-sample")).to_have_count(16)
    shows(page, "samples", 16)
    expect(page.locator("#ex-gen-top-k")).to_have_value("7")
    page.wait_for_function("document.querySelector('.ex-gen-walk')?.explorer.writing.size")
    page.locator("#ex-gen-top-k").select_option("1")
    shows(page, "top_k", 1)
    page.wait_for_function(
        """() => {
          const { writing } = document.querySelector(".ex-gen-walk").explorer;
          return writing.weights.slice(25).every((weights) => weights && weights.filter((w) => w > 0).length === 1);
        }"""
    )


HELD = "window.explorer?.store.scene?.view.mine"
COPIED = "window.explorer.store.link({tab: '%s', left: '%s', right: ''}, {steer: %s})"


def begun(page):
    """A training of this page's visitor, which waits for a turn that never comes; their token."""
    answer = page.evaluate(
        """async () => {
          const { ask } = await import(new URL(document.querySelector("link[href$='core/ask.js']").href));
          const { remember } = await import(new URL(document.querySelector("link[href$='core/visitor.js']").href));
          const configs = [{ model: "vae", steps: 2, batch_size: 8, width: 4 }];
          const answer = await ask("train_start", { configs });
          remember(answer.mine);
          window.explorer.store.commit({ mine: answer.mine });
          return answer;
        }"""
    )
    page.wait_for_function(f"{HELD} === '{answer['mine']}'")
    return answer["mine"]


def test_tokens_leave_the_address_and_are_kept_where_they_were_made(open_page, new_page, app_url):
    page = open_page()
    mine = begun(page)
    assert page.evaluate(COPIED % ("latent", "fashion-vae-z2-s0", "true")).endswith("tab=latent")
    steering = page.evaluate(COPIED % ("train", "", "true"))
    watching = page.evaluate(COPIED % ("latent", "fashion-vae-z2-s0-0123456789ab", "false"))
    assert steering.endswith(f"#mine={mine}")
    assert mine not in watching
    page.reload()
    page.wait_for_function(f"{HELD} === '{mine}'")
    assert mine not in page.url

    for link, said, held in (
        (steering, "is theirs", mine),
        (f"{app_url}?mine={mine}&image=9", "is theirs", mine),  # as links were
        (watching, "change none", watching.partition("#watch=")[2]),
    ):
        other = new_page()
        other.goto(link)
        other.wait_for_function(f"{HELD} === '{held}'")
        expect(other.locator(".ex-note")).to_contain_text(said)
        assert held not in other.url
        assert other.evaluate("localStorage.getItem('explorer.visitor')") is None
        other.reload()
        other.wait_for_function(f"{HELD} === '{held}'")
        other.evaluate("window.explorer.store.leave()")
        other.wait_for_function(f"{HELD} === ''")
        expect(other.locator(".ex-note")).to_have_count(0)


def test_a_token_that_means_nothing_gives_way_to_ones_own(open_page, app_url):
    page = open_page()
    mine = begun(page)
    page.goto("about:blank")
    page.goto(f"{app_url}?tab=latent&image=9#mine={'a' * 32}")
    page.wait_for_function(f"{HELD} === '{mine}' && {VIEW}.image === 9")
    assert page.evaluate("localStorage.getItem('explorer.visitor')") == mine


def test_a_tab_that_the_page_opens_is_no_wish_of_the_readers(open_page):
    """Gradio tells of every tab that was opened, whoever did it, and it may do so when another one is wanted."""
    page = open_page("?tab=elbo")
    page.wait_for_selector(".ex-elbo-loss", state="attached")
    page.evaluate("window.explorer.store.commit({tab: 'start'}); window.explorer.store.open('elbo')")
    shows(page, "tab", "start")
    assert page.evaluate("window.explorer.store.view.tab") == "start"
    page.get_by_role("tab", name="Latent").click()
    shows(page, "tab", "latent")


def test_a_class_link_is_made_by_unticking(open_page):
    page = open_page("?expert=1&hide=strip")
    page.locator('.ex-tool-bar[data-part="class"]').click()
    dialog = page.get_by_role("dialog", name="What the class sees")
    link = dialog.get_by_role("textbox", name="The link")
    expect(link).to_have_value(re.compile(r"hide=strip(&|$)"))
    dialog.get_by_label("the tab Generate").uncheck()
    dialog.get_by_label("two codebooks that learn in the browser").uncheck()
    expect(link).to_have_value(re.compile(r"hide=generate,strip,sandbox(&|$)"))
    handed_out = link.input_value()
    for tab in ("Start", "Latent", "Reconstruct", "Codebook", "Collapse", "ELBO", "Train"):
        dialog.get_by_label(f"the tab {tab}", exact=True).uncheck()
    expect(dialog.get_by_role("status")).to_have_text("At least one tab has to stay.")
    expect(dialog.get_by_role("button", name="Copy")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.goto("about:blank")  # what still comes for the page that is left belongs to no test
    page.goto(handed_out)
    page.wait_for_function("window.explorer?.store.scene")
    shows(page, "hide", ["generate", "strip", "sandbox"])
    expect(page.get_by_role("tab", name="Generate")).to_be_hidden()
