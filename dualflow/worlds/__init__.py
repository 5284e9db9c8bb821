"""Two worlds that carry the vocabulary out and never import each other."""
