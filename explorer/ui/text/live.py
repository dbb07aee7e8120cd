"""Sentences the client fills in: `{name}` is replaced in the browser, so no format specification may stand in them."""

LIVE: dict[str, tuple[str, str]] = {
    "live.point": ("z = ({x}, {y})", "z = ({x}, {y})"),
    "live.centre": ("the prior's centre", "先验中心"),
    "live.centre_ae": ("z = (0, 0); an AE has no prior", "z = (0, 0)；AE 没有先验"),
    "live.pinned": ("pinned · z = ({x}, {y})", "已固定 · z = ({x}, {y})"),
    "live.code": ("code {code} · {hits} of {total} vectors", "码 {code} · {total} 个向量中的 {hits} 个"),
    "live.code_dead": ("code {code} · dead: none of {total} vectors", "码 {code} · 死码：{total} 个向量无一命中"),
    "live.code_here": (
        "code {code} · {cells} of {total} cells of this image",
        "码 {code} · 本图 {total} 格中的 {cells} 格",
    ),
    "live.grid": ("{distinct} codes in {total} cells", "{total} 格，用到 {distinct} 个码"),
    "live.points_outside": ("{count} points outside", "{count} 个点在图外"),
    "live.outside": ("{count} codes outside", "{count} 个码在图外"),
    "live.copied": ("Copied", "已复制"),
    "live.copy_failed": ("Copy it from the address bar", "请从地址栏复制"),
    "live.weights_failed": (
        "The decoder could not be loaded: reload the page.",
        "解码器载入失败：请刷新页面。",
    ),
    "live.points_failed": ("The points could not be loaded: reload the page.", "数据点载入失败：请刷新页面。"),
    "live.chart_failed": ("The charts could not be loaded: reload the page.", "图表载入失败：请刷新页面。"),
    "live.chart_reset": ("Undo zoom", "撤销缩放"),
    "live.chart_save": ("Save as {format}", "存为 {format}"),
    "live.offline": (
        "The server does not answer. What you see is the last state.",
        "服务器没有响应，当前显示的是最后的状态。",
    ),
    "live.plane_point": (
        "Latent plane. Arrow keys move a point, Enter pins it, Escape lets go.",
        "潜空间平面。方向键移动，回车固定，Esc 松开。",
    ),
    "live.plane_codes": (
        "Codebook plane. Arrow keys go from code to code, Enter pins one, Escape lets go.",
        "码本平面。方向键在码之间移动，回车固定，Esc 松开。",
    ),
}
