"""What a diagnosis says, in English; the page has the Chinese twins. Keys are the causes' names."""

CAUSE_SENTENCES: dict[str, str] = {
    "too_few": (
        "Counted on {number:.0f} vectors, fewer than 10 for each of {codes} codes: some may not have had a turn yet."
    ),
    "foreign": "Only {number:.0%} of the recorded indices name the code that is nearest in the codebook beside them.",
    "ranks": "The codebook differs between ranks, by {number:.1%} of its squared length.",
    "encoder": "The encoder's outputs have collapsed: they vary in {number:.1f} directions of {dim}.",
    "identical": "{number:.0%} of all codes are the same point as another, up to rounding.",
    "narrow": "The first codebook was {number:.2g} times as wide as the encoder's outputs: most codes had no chance.",
    "wide": "The first codebook was {number:.2g} times as wide as the encoder's outputs: most codes lay outside.",
    "drift": "Encoder outputs have moved {number:.2g} of their own spreads away from the codes that are used.",
    "half": "The codebook is kept in {dtype}: changes below {number:.1g} of a value are lost, counts stop growing.",
    "never_born": "{number:.0%} of the dead codes were never hit since recording began.",
    "killed": "{number:.0%} of the dead codes were hit before and lost their vectors later.",
}
REMEDIES: dict[str, str] = {
    "too_few": "Record more steps, or count a whole validation set, before anything is changed.",
    "foreign": (
        "Log the codebook that chose these indices, before it is updated, and z_e as it is compared: projected, and "
        "normalised where the distance is cosine."
    ),
    "ranks": (
        "Sum hits and sums over ranks before the EMA, or let one rank send its codebook: "
        "torch.distributed.broadcast(codebook, 0)."
    ),
    "encoder": (
        "Lower the commitment cost or its learning rate, and look at the reconstruction loss's scale: the encoder no "
        "longer tells inputs apart, and no codebook can."
    ),
    "identical": 'Start from data (init="kmeans") and restart dead codes on encoder outputs (dead_codes="restart").',
    "narrow": 'Start at the data\'s width: init="kmeans", or multiply the first codebook by {scale:.2g}.',
    "wide": 'Start at the data\'s width: init="kmeans", or multiply the first codebook by {scale:.2g}.',
    "drift": "Let codes follow faster: a smaller decay (0.99 to 0.9), a higher codebook rate, a smaller encoder rate.",
    "half": "Keep codebook, counts and sums in float32: quantizer.float(), outside of autocast.",
    "never_born": 'Start from data (init="kmeans") or restart dead codes (dead_codes="restart").',
    "killed": 'Restart dead codes (dead_codes="restart"), with moments and EMA sums reset for the placed rows.',
}
