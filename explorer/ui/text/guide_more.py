"""What the Guide keeps folded away, for who asks: where its two halves meet, and codes in levels."""

GUIDE_MORE: dict[str, tuple[str, str]] = {
    "guide.beta.more.both": ("And what helps?", "有什么办法？"),
    "guide.beta.more.both.say": (
        "The same ideas as against dead codes: begin cheaply, bring back, reach the unused. The foot of the tab "
        "Codebook sets both halves’ remedies side by side, as the studies measured them; beside its film, the VAE’s "
        "units can be watched as they fall silent.",
        "与对付死码的想法相同：起步便宜、救回来、够到没用上的。“码本”页底部把两边的办法并排列出，数字来自研究；"
        "那里的影片旁还能看到 VAE 的单元怎样失活。",
    ),
    "guide.grid.more.levels": ("One code too few?", "一个码向量不够吗？"),
    "guide.grid.more.levels.say": (
        "Then quantise what is left over, again and again: L levels of K codes name K^L points, and each level is "
        "decoded on its own as a coarser picture. Audio codecs and many tokenizers do so. Choose a run of residual "
        "levels on the right, and the tab Latent takes it apart level by level.",
        "那就把剩下的部分再量化，一层接一层：L 层、每层 K 个码向量，组合出 K^L 个点；只用前几层也能解码，得到更粗的图。"
        "音频编解码器和许多分词器都这样做。在右侧选一个残差分层的模型，“隐空间”页会把它逐层拆开。",
    ),
}
