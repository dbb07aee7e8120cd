"""Chinese names of what can be chosen in the tab Train; in brackets stands what one writes behind the flag."""

from __future__ import annotations

CHOICE_NAMES: dict[str, dict[str, str]] = {
    "kl_policy": {
        "plain": "始终全价",
        "warm-up": "预热",
        "cyclical": "循环",
        "free-bits": "自由比特",
        "target": "目标比特",
    },
    "codebook_update": {"gradient": "梯度", "ema": "滑动平均", "snippet": "笔记代码", "fixed": "固定"},
    "ema_start": {"hold": "保持", "ones": "计数从 1 起", "sonnet": "Sonnet 库", "snippet": "笔记代码"},
    "codebook_init": {
        "uniform": "均匀，±1/K",
        "reference": "参考代码，±√(3/D)",
        "normal": "正态，N(0, 1)",
        "linear": "SimVQ 的起点",
        "data": "编码器输出",
        "kmeans": "聚类中心",
        "cloud": "同形高斯",
    },
    "dead_codes": {
        "keep": "不处理",
        "restart": "重启",
        "expire": "过期即重启",
        "replace": "定期替换",
        "anchors": "锚点，随机",
        "anchors-closest": "锚点，最近",
        "anchors-probable": "锚点，按概率",
    },
    "quantizer": {
        "vq": "逐码学习",
        "fsq": "有限标量",
        "bsq": "二值球面",
        "simvq": "线性变换",
        "affine": "仿射",
        "transport": "最优传输",
        "residual": "残差",
        "grouped": "分组",
    },
    "gradient_estimator": {
        "straight-through": "直通",
        "rotation": "旋转",
        "noise": "噪声",
        "directed-noise": "定向噪声",
    },
    "distance": {"euclidean": "欧氏", "cosine": "余弦"},
    "regularizer": {"none": "无", "entropy": "熵", "soft-entropy": "软熵", "wasserstein": "沃瑟斯坦"},
    "lr_schedule": {"constant": "不变", "cosine": "余弦降到零", "settle": "先降后稳"},
}
CHOICE_NAMES["level_quantizer"] = {
    name: said for name, said in CHOICE_NAMES["quantizer"].items() if name not in ("residual", "grouped")
}


def choice_name(setting: str, choice: str, language: str) -> str:
    """A choice as a person reads it: `restart`, `重启（restart）`; one without a name of its own stays as it is."""
    known = CHOICE_NAMES.get(setting, {}) if language == "zh" else {}
    return f"{known[choice]}（{choice}）" if choice in known else choice
