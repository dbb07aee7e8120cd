"""Stops the clock of Gradio's loading screen, which goes on when that screen is gone.

Until the page is there Gradio counts its seconds, once a frame, and nobody ends that: a page at rest would draw sixty
frames a second for ever, 5 % of a core. The clock takes `requestAnimationFrame` when Gradio's scripts are run, so that
what refuses it a frame has to be there before them, and cannot come with `gr.Blocks.launch(head=...)`, which they add.
"""

from __future__ import annotations

#: What Gradio's page begins with, and no other that is sent from here.
_PAGE = b"window.gradio_config"
_HEAD = b"<head>"
#: The clock's next frame is refused once the page's first part is there; whoever asks then is given the browser's own.
SCRIPT = rb"""<script>
(() => {
  const next = window.requestAnimationFrame;
  const clock = /^\(\) ?=> ?\{\w+\(\w+, ?\(performance\.now\(\) ?- ?\w+\(\w+\)\) ?\/ ?1e3\)[,;] ?\w+ ?&& ?\w+\(\);?\}$/;
  window.requestAnimationFrame = (then) => {
    if (!clock.test(then) || !document.querySelector(".ex-bar")) return next.call(window, then);
    window.requestAnimationFrame = next;
    return 0;
  };
})();
</script>"""


def without_clock(page: bytes) -> bytes:
    """Gradio's page with the script at its head; any other page as it is."""
    return page.replace(_HEAD, _HEAD + SCRIPT, 1) if _PAGE in page else page
