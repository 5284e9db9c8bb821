"""What the laws are tried on, by chapter of the vocabulary.

A chapter registers samples of its ops with ``@special``, and may list in dicts by op: ``BAD``, calls that must be
refused; ``TORCH``, what PyTorch calls the same (see oracle.py and test_torch_oracle.py); ``ABSENT``, what PyTorch does
not have, and why; ``REFUSED``, samples that PyTorch refuses; ``UNLIKE``, samples that it answers otherwise. Ops that a
family of samples.py describes need none of it but a word for PyTorch.
"""
