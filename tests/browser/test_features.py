"""Known features below the planes, in a real browser with the shipped faces."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from explorer.runs import load_run

LEFT, RIGHT = "faces-vae-z2-s0", "faces-vqvae-d2-k256-ema-s0"


def best_cell(feature: str) -> tuple[int, str]:
    """Where the codes know most of a feature, and how that is said."""
    section = load_run(RIGHT).report["factors"]
    number = section["names"].index(feature)
    bits, entropy = section["apart"]["bits"][number], section["apart"]["entropy_bits"][number]
    cell = max(range(len(bits)), key=lambda unit: bits[unit])
    said = f"row {cell // 8 + 1}, column {cell % 8 + 1} knows {bits[cell]:.2f} of {entropy:.2f} bits of {feature}"
    return cell, said


def test_a_feature_is_chosen_and_its_cells_are_told_by_keys_too(new_context: Any, app_url: str):
    page = new_context().new_page()
    page.goto(f"{app_url}?v=2&data=faces&left={LEFT}&right={RIGHT}&tab=latent")
    part = page.locator(".ex-features")
    expect(part).to_be_visible()
    part.scroll_into_view_if_needed()
    expect(part.locator("tbody tr")).to_have_count(18)
    codes = part.locator('[data-side="right"]')
    expect(codes.get_by_role("status")).to_have_text(best_cell("glasses")[1])
    part.locator("select").select_option("hair colour")
    cell, sentence = best_cell("hair colour")
    expect(codes.get_by_role("status")).to_have_text(sentence)
    codes.locator(".ex-features-matrix").press("ArrowLeft")
    where = f"row {(cell - 1) // 8 + 1}, column {(cell - 1) % 8 + 1}"
    expect(codes.get_by_role("status")).to_contain_text(where)
    expect(codes.get_by_text("No MIG")).to_be_hidden()
    expect(part.locator("tr.ex-features-chosen th")).to_have_text("hair colour")
