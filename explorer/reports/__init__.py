"""What is measured of a run or of anyone's codebook: evaluation, evidence, comparison, generation, collapse report."""
