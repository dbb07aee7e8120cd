"""What anyone's codebook and code indices show of a collapse: which tensors are meant, what is used, what is found.

`choosing` finds the tensors that fit each other, `effective` makes the codes that are compared with encoder outputs
from those that are stored, `indices` counts hits, and `findings` says what was found. `reporting` joins them.
"""
