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
