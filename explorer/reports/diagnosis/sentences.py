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
    "loss_scale": (
        "The commitment term weighs {number:.3g} times its mean over all numbers: it is a sum beside means, and drowns "
        "what the decoder asks of the encoder."
    ),
    "commitment": (
        "Commitment weighs {number:.2g} times the codebook's term at their gradients, where 1 to 4 is usual: above 1 "
        "the encoder gives way to the codes, far below it nothing holds it."
    ),
    "restart": (
        "There are {number:.2g} vectors a step for each code, and codes are restarted below {other:.2g} or nearly "
        "always: none can ever be safe."
    ),
    "restart_late": "Restarts wait {number:.0f} steps for these {codes} codes, and the training has had {other:.0f}.",
    "carried": (
        "{number:.0%} of the codes that stand far from every output were hit in between: they are placed there and "
        "carried away again."
    ),
    "class": (
        "Vectors of class {other:.0f} choose among {number:.2g} codes only, far fewer than those of other classes."
    ),
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
    "loss_scale": (
        "Average the commitment term as the others: F.mse_loss(z_e, z_q.detach()), not .sum(), or divide its weight by "
        "{number:.0f}."
    ),
    "commitment": (
        "Weigh the encoder's side: loss = mse + F.mse_loss(z_q, z_e.detach()) + 0.25 * F.mse_loss(z_e, z_q.detach())."
    ),
    "restart": (
        "Restart below a tenth of {number:.2g} hits a step (threshold_ema_dead_code={tenth:.2g}), use larger batches, "
        "or a smaller K."
    ),
    "restart_late": "Wait for fewer vectors a code (RestartDead(vectors_per_code=10)), or train longer.",
    "carried": (
        "Reset what remembers the old place: quantizer.place(rows, vectors) for EMA sums, and "
        "quantizer.reset_optimizer_rows(optimizer, rows) for Adam's moments; by hand, count = 1, sum = vector, "
        "moments = 0."
    ),
    "class": (
        "Look at the inputs of class {other:.0f} first: vectors that are all alike need no more codes. If they differ, "
        "weigh the class or let it come more often."
    ),
    "never_born": 'Start from data (init="kmeans") or restart dead codes (dead_codes="restart").',
    "killed": 'Restart dead codes (dead_codes="restart"), with moments and EMA sums reset for the placed rows.',
}
