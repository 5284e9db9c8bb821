"""What a graph is made of: symbols, nodes, cells of state, and gradients as more nodes."""
