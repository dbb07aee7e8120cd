"""Words of the VAE's side of the film, on the tab Codebook."""

from __future__ import annotations

UNITS: dict[str, tuple[str, str]] = {
    "units.title": ("The VAE’s side: units that fall silent", "VAE 这一边：失活的单元"),
    "units.what": (
        "What dead codes are to a codebook, silent units are to a VAE: paid for, and unused. Each bar is one unit’s "
        "KL at the step of the film’s player; hollow: less than {least} nats, it says next to nothing.",
        "失活的单元之于 VAE，如死码之于码本：付了代价，没有用上。条：各单元在当前步的 KL；空心：不到 {least} 奈特。",
    ),
    "units.film": ("Film", "影片"),
    "units.now": (
        "Step {step} of {last}: {silent} of {units} units silent; all together say {nats} nats ({bits} bits) an "
        "image, the loudest {most} nats.",
        "第 {step} 步，共 {last} 步：{units} 个单元中 {silent} 个失活；每张图共 {nats} 奈特（{bits} 比特），"
        "最多的一个 {most} 奈特。",
    ),
    "units.unit": ("Unit {unit}: {nats} nats, {bits} bits.", "第 {unit} 个单元：{nats} 奈特，{bits} 比特。"),
    "units.unit.silent": (
        "Unit {unit}: {nats} nats, silent: its posterior is the prior’s.",
        "第 {unit} 个单元：{nats} 奈特，失活：它的后验就是先验。",
    ),
    "units.bars": (
        "KL of each unit: left and right choose a unit, comma and full stop go one frame back and on",
        "每个单元的 KL：左右键选单元，逗号、句号前后一帧",
    ),
    "units.lines": ("The same over all frames: one line a unit", "同样的数，随所有帧变化：每个单元一条线"),
    "units.plane": ("Posteriors beside the prior", "后验与先验"),
    "units.scale": ("Bars and lines go from 0 to {most} nats.", "条与线的刻度：0 到 {most} 奈特。"),
    "units.measured": ("Mean over {images} validation images.", "对 {images} 张验证图像取平均。"),
    "units.probed": (
        "This film is of the older format and has no KL of its own: it is computed here from the {images} posteriors "
        "that it kept.",
        "旧格式的影片没有 KL：由它保存的 {images} 个后验算出。",
    ),
    "units.channels": (
        "The latent is a grid: a bar is a channel, summed over its positions.",
        "隐变量是网格：每根条是一个通道，对各位置求和。",
    ),
    "units.ellipses": (
        "Right: {drawn} posteriors as ellipses of one σ, dashed the prior’s. A unit that falls silent swells them to "
        "its width and moves them to its middle.",
        "右：{drawn} 个后验的 σ 椭圆；虚线是先验。单元失活时，椭圆胀到先验的宽度，移到它的中心。",
    ),
    "units.no_plane": (
        "Of {units} units no plane can be drawn without choosing two of them.",
        "有 {units} 个单元，不挑出两个就画不成平面。",
    ),
    "units.study": (
        "A member of the study of silent units ({cell}, β = {beta:g}), on Fashion-MNIST.",
        "失活单元研究的一次训练（{cell}，β = {beta:g}），图像是 Fashion-MNIST。",
    ),
    "units.member": ("study: {what}, seed {seed}", "研究：{what}，种子 {seed}"),
    "units.without": (
        "{run} kept no KL of its units, since its film is of the older format: another film is shown.",
        "{run} 没有各单元的 KL（旧格式）：这里是另一部影片。",
    ),
    "units.none": (
        "No VAE of the set {data} kept the KL of its units: train one to see this.",
        "图像集 {data} 的 VAE 都没有保存各单元的 KL：训练一个就能看到。",
    ),
}
