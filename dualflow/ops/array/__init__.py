"""Making tensors and arranging them."""
