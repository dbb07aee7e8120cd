"""Files of unknown origin: what may be read at all. Tensors without pickle, zips within bounds, and hashes of both."""
