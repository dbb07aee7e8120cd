// Between a PCA plane and the latents it is a shadow of. Other planes draw a latent where it is.

/** The latent behind a place on a PCA plane, with nothing along the other directions. */
export function lifted(plane, latent) {
  const lift = plane?.projection?.lift;
  if (!lift || latent.length !== 2) return latent;
  const [first, second] = lift.axes;
  return lift.mean.map((mean, k) => mean + latent[0] * first[k] + latent[1] * second[k]);
}

/** Where a latent lies on a PCA plane. */
export function placed(plane, latent) {
  const lift = plane?.projection?.lift;
  if (!lift || latent.length !== lift.mean.length) return latent;
  return lift.axes.map((axis) => axis.reduce((sum, value, k) => sum + value * (latent[k] - lift.mean[k]), 0));
}
