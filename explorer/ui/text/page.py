"""Bar, strip and the two lines above the tabs."""

PAGE: dict[str, tuple[str, str]] = {
    "page.title": ("VAE vs VQ-VAE", "VAE 与 VQ-VAE"),
    "page.subtitle": ("two latent worlds, side by side", "两个隐空间，并排对照"),
    "bar.data": ("Images", "图像集"),
    "bar.left": ("Left", "左侧"),
    "bar.right": ("Right", "右侧"),
    "bar.sweep": ("{kind}: sweeps and seeds, without a film", "{kind}：参数扫描与种子，无影片"),
    "bar.language": ("Language", "语言"),
    "bar.copy": ("Copy link", "复制链接"),
    "bar.expert": ("Expert", "专家"),
    "bar.expert.tip": (
        "Show the figures that need some statistics too: IWAE, two-sample tests, guards, nulls, intervals of samples.",
        "同时显示需要一些统计知识的数字：IWAE、双样本检验、警戒值、零假设、样本的区间。",
    ),
    "bar.present": ("Large", "大字"),
    "bar.present.tip": ("Larger type and dots, for a projector.", "更大的文字和圆点，适合投影。"),
    "bar.reset": ("Reset", "重置"),
    "bar.reset.tip": (
        "Back to how the page began; language, size, and what the link hides stay.",
        "回到初始状态；语言、字号和链接所隐藏的内容保持不变。",
    ),
    "data.fashion": ("Fashion-MNIST", "Fashion-MNIST"),
    "data.emoji": ("Emoji", "Emoji 表情"),
    "kind.vae": ("VAE", "VAE"),
    "kind.ae": ("AE", "AE"),
    "kind.vqvae": ("VQ-VAE", "VQ-VAE"),
    "strip.label": ("Test images: choose one", "测试图像：选一张"),
    "words.see": ("You see", "你看到"),
    "words.try": ("Try", "试一试"),
    "tab.latent": ("Latent", "隐空间"),
    "note.close": ("Dismiss", "关闭"),
}
