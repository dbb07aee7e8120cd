"""Sentences of an exported exploration: what of the page it cannot do, and why. The browser fills in `{name}`."""

EXPORT: dict[str, tuple[str, str]] = {
    "export.image": (
        "Picture {value} is not part of this exploration, which holds those of the strip: the page stays as it was.",
        "这份导出不含第 {value} 张图像，只含图像条中的那些：页面保持原样。",
    ),
    "export.pair": (
        "This pair of runs is not part of this exploration: the page stays as it was. The app shows any two.",
        "这份导出不含这一对模型：页面保持原样。应用可以显示任意两个模型。",
    ),
    "export.value": (
        "{key} = {value} is not part of this exploration: the page stays as it was.",
        "这份导出不含 {key} = {value}：页面保持原样。",
    ),
    "export.asked": (
        "This was not recorded for this exploration; the app computes it.",
        "这份导出没有记录这一项；应用可以计算它。",
    ),
    "export.file": (
        "A file of this exploration is missing or cut short ({name}): copy the folder again, or export it again.",
        "这份导出缺少文件或文件不完整（{name}）：请重新复制文件夹，或重新导出。",
    ),
    "export.send": (
        "Files are read by the app, which this exploration stands without: nothing was sent.",
        "文件由应用读取，而这份导出没有应用：没有发送任何内容。",
    ),
    "export.absent": (
        "Training needs the app, which this exploration stands without: start it with python app.py.",
        "训练需要应用，而这份导出没有应用：用 python app.py 启动它。",
    ),
    "export.app": ("Open the app", "打开应用"),
}
