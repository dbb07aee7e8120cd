"""The tab Start: five screens of forty words at most."""

from __future__ import annotations

START: dict[str, tuple[str, str]] = {
    "tab.start": ("Start", "开始"),
    "start.see": ("Five screens, one verb each.", "五个画面，每个画面做一件事。"),
    "start.try": ("Do what each screen says, then go on.", "照每个画面所说的做，然后继续。"),
    "start.label": ("Five screens to begin with", "入门五步"),
    "start.back": ("Back", "上一步"),
    "start.next": ("Next", "下一步"),
    "start.first": ("Once more", "从头再看"),
    "start.more": ("More of this", "深入了解"),
    "start.1.title": ("Move", "移动"),
    "start.1.say": (
        "Move the ring over the VAE's plane: everything decodes. Between two classes it draws what belongs to neither.",
        "在 VAE 的平面上移动圆圈：每一点都能解码。在两个类别之间，它画出的东西哪一类都不是。",
    ),
    "start.1.say.faces": (
        "Move the ring over the VAE's plane: everything decodes. Between glasses and none it draws what no face has.",
        "在 VAE 的平面上移动圆圈：每一点都能解码。在戴与不戴眼镜之间，它画出任何人脸都没有的东西。",
    ),
    "start.2.title": ("Take apart", "拆开"),
    "start.2.say": (
        "A VQ-VAE turns a picture into a grid of features, and each of them into the nearest code. Exchange one code: "
        "the picture changes around its place.",
        "VQ-VAE 把一张图变成一格格特征，每个特征再换成最近的码向量。换掉一个码向量，图就在那个位置附近改变。",
    ),
    "start.2.say.draws": (
        "A VQ-VAE turns this picture into {grid} × {grid} features, each into its nearest code. Exchange one: it draws "
        "1 of {cells} squares and can change {share} % of the picture, so neighbours shape its square too.",
        "VQ-VAE 把这张图变成 {grid} × {grid} 个特征，每个再换成最近的码向量。换掉一个：它画 {cells} 块中的一块，"
        "但最多能影响整张图的 {share} %，所以邻格也会改变它这一块。",
    ),
    "start.3.title": ("Meet dead codes", "认识死码"),
    "start.3.say": (
        "Hollow codes, nearest to no output (grey), get no gradient or average now. Play: which wakes more?",
        "空心：不是任何输出（灰点）的最近码向量，此刻没有梯度和均值。点“播放”：哪边醒来更多？",
    ),
    "start.3.coast": ("{from} → {to}: momentum moves unhit codes.", "{from} → {to}：动量带着未命中者滑行。"),
    "start.3.coast.more": (
        "{from} → {to}: more dead; momentum moves unhit.",
        "{from} → {to}：死码增多；动量带动未命中者。",
    ),
    "start.3.still": ("{from} → {to}: unhit codes stand still.", "{from} → {to}：未命中者原地不动。"),
    "start.3.still.more": (
        "{from} → {to}: more dead; unhit stand still.",
        "{from} → {to}：死码增多；未命中者原地不动。",
    ),
    "start.3.else": (
        "Other starts, moving encoders may differ.",
        "换个初始化，或编码器也移动，结果可能不同。",
    ),
    "start.4.title": ("Bring them back", "救回来"),
    "start.4.say": (
        "Kill half: they are thrown far out. Then play. The encoder stands still here, so without a restart they stay "
        "exactly there; a restart puts each on an encoder output of a mini-batch.",
        "先“杀死一半”：它们被扔到远处。再播放。这里编码器不动，没有重启，它们就留在原地；"
        "重启把每个死码放到小批量中的一个编码器输出上。",
    ),
    "start.5.title": ("Let it draw", "让它画"),
    "start.5.say": (
        "A VAE draws z from N(0, I). Codes need a prior of their own: uniform ones are noise, frequencies know each "
        "place, a learned prior knows what stands beside what.",
        "VAE 从 N(0, I) 抽取 z。码向量需要自己的先验：均匀抽取只得到噪声，频率知道每个位置，学到的先验知道谁与谁相邻。",
    ),
    "start.5.say.rates": (
        "Uniform codes are noise, frequencies know each place, a learned prior knows what stands beside what. The "
        "codes here cost {times} times the VAE's bits ({rung}): a fair match is in Reconstruct.",
        "均匀抽取只得到噪声，频率知道每个位置，学到的先验知道谁与谁相邻。"
        "这里的码向量用了 VAE 的 {times} 倍比特（按{rung}计）：公平的比较见“重建”。",
    ),
    # what the bits of both are counted by
    "start.5.rung.learned": ("learned priors", "学到的先验"),
    "start.5.rung.simple": ("priors by position", "逐位置的先验"),
    "start.5.rung.fixed": ("fixed priors", "固定的先验"),
    "start.move.plane": ("The VAE's plane: arrow keys move the point", "VAE 的平面：方向键移动该点"),
    "start.move.picture": ("What the point decodes to", "该点解码得到的图"),
    "start.legend.title": ("{name}:", "{name}："),
    "start.legend.worn": ("worn", "戴"),
    "start.apart.picture": ("picture", "图像"),
    "start.apart.features": ("features", "特征"),
    "start.apart.codes": ("codes: tap one", "码向量：点一个"),
    "start.apart.result": ("decoded", "解码结果"),
    "start.apart.colours": (
        "Alike colours: close together in the codes' plane.",
        "颜色相近：在码向量平面上位置相近。",
    ),
    "start.apart.say": (
        "The grid of codes: arrow keys go from cell to cell, Enter exchanges the code",
        "码网格：方向键在格子之间移动，Enter 换掉码向量",
    ),
    "start.choice.init": ("Codes begin", "码本初始化"),
    "start.choice.rule": ("Moved by", "更新方式"),
    "start.again": ("Draw again", "再画一次"),
    "start.prior.normal": ("VAE, z from N(0, I)", "VAE，z 取自 N(0, I)"),
    "start.prior.uniform": ("Uniform codes", "均匀抽取"),
    "start.prior.frequencies": ("Frequencies", "各位置的频率"),
    "start.prior.learned": ("Learned prior", "学到的先验"),
    "start.prior.missing": ("This model has none.", "这个模型没有。"),
}
