"""The Chinese page, read as it stands: no English but names, abbreviations and what one types at a command line."""

from __future__ import annotations

import re
from typing import Any

import pytest

from explorer.ui.view import TABS
from tests.browser.pages import QUIET

#: Everything that is read or heard: texts in sight, what lists offer, names of controls and figures, and tips.
WRITTEN = """() => {
  const page = document.querySelector(".gradio-container");
  const skipped = "code, pre, kbd, math, script, style, [lang=en], .ex-run, .ex-choices [data-part=lang] *, "
    + "[data-testid=status-tracker], .toast-wrap"; // what Gradio says by itself
  const found = [];
  const walk = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const { parentElement: e, data } = walk.currentNode;
    if (data.trim() && !e.closest(skipped) && (e.closest("option") || e.checkVisibility())) found.push(data.trim());
  }
  for (const e of page.querySelectorAll("[aria-label], [title], [placeholder], [aria-description], [data-tip]")) {
    if (e.closest(skipped) || !e.checkVisibility()) continue; // another tab's are read when it is open
    for (const name of ["aria-label", "title", "placeholder", "aria-description", "data-tip"]) {
      if (e.getAttribute(name)?.trim()) found.push(e.getAttribute(name).trim());
    }
  }
  return [...new Set(found)];
}"""
#: Opens what is folded, and brings every part into sight once, so that it is filled.
OPENED = """async () => {
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 2) {
    scrollTo(0, y);
    for (const e of document.querySelectorAll(".gradio-container details:not([open])")) e.open = true;
    await new Promise((done) => setTimeout(done, 60));
  }
}"""
#: What one types or reads of a program: behind a flag, in brackets behind its name; commands, runs and files; tensors.
TYPED = re.compile(
    r"（[a-z][a-z0-9 -]*）|--[a-z-]+(?: [\w.-]+(?: 或 [a-z]+)?)?|python -m explorer(?: [a-z-]+)?(?: RUN| 和 diagnose)?"
    r"|\b(?:fashion|faces|emoji)-[\w-]+|[\w-]*\.(?:npz|npy|zip|py|safetensors)\b|(?:codebook|indices) \([\d, ]+\) \w+"
    r"|explorer\.recorder|free bits|z_e、indices、codebook、loss|vector_quantize_pytorch|"
    r"\b(?:cp\d+|utf-8|gbk|big5|shift-jis|euc-kr)\b"
)
LATIN = re.compile(r"[A-Za-z][A-Za-zäńé’'-]*[A-Za-zäńé]")
#: Models, rules and measures by the field's own abbreviations; names and authors; units, functions, keys, file formats.
NAMES = (
    "AE VAE VQ-VAE VQ EMA SGD Adam ELBO IWAE IWAE-k KL MSE RMSE SSE PSNR SSIM MTF KID-clf FID C2ST ST MIG DCI PCA "
    "UMAP k-means FSQ BSQ SimVQ CVQ NSVQ DiVeQ OptVQ VQ-STE Wasserstein softmax logits transformer Fashion-MNIST "
    "Emoji Sonnet PyTorch Lloyd Dhariwal Zheng Vali Yu Zhao Fifty Mentzer Fang Zhu Zhang Huh Chen Eastwood "
    "Williams Naeem Wang Bińkowski Kynkäänniemi Bowman Fu Kingma Higgins Xu arXiv dB px MB log ln exp max argmin "
    "Var float Esc Shift Ctrl Enter Delete PNG SVG CSV JSON HTML MD Markdown zip CPU GPU"
)
ALLOWED = frozenset(NAMES.split())
#: Chinese sentences have full-width punctuation, and numbers a zero before their point.
HALF = re.compile(r"(?<=[一-鿿])\s?[,;:!?()](?=\s?[一-鿿])|(?<=[一-鿿]) ?[,;:](?=\s)|(?<![\d.\w)\]}~])\.\d")


@pytest.mark.parametrize("tab", TABS)
def test_no_english_is_left_and_no_half_width_punctuation(open_page: Any, tab: str) -> None:
    page = open_page(f"?v=2&tab={tab}&lang=zh&expert=1")
    page.wait_for_function(QUIET)
    page.evaluate(OPENED)
    page.wait_for_load_state("networkidle")
    page.wait_for_function(QUIET)
    written = page.evaluate(WRITTEN)
    assert len(written) > 40
    found = {
        sentence: words
        for sentence in written
        if (words := [word for word in LATIN.findall(TYPED.sub("", sentence)) if word not in ALLOWED])
    }
    assert found == {}
    assert [sentence for sentence in written if HALF.search(sentence)] == []
