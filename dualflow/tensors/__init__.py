"""What tensors of both worlds can do."""
