"""Static graphs: ``df.function`` turns the step into one graph and uses it again (for ``torch.jit.script``).

``torch.jit.script`` reads the source and so keeps a Python ``if``. ``df.function`` runs the function once and writes
down its ops, so the choice must be an op too: ``df.where``. A Python ``if`` cannot ask a symbol for its truth.
"""

import dualflow as df


def model(x, y, w1, w2a, w2b, prev_loss):
    """Compute the loss, with the weights that the previous loss chooses."""
    w2 = df.where(prev_loss < 5.0, w2a, w2b)
    y_pred = x.mm(w1).clamp(min=0).mm(w2)
    loss = (y_pred - y).pow(2).sum()
    return loss


def train(graph, steps):
    """Train with ``graph`` in graph mode; return the losses and how often it was traced."""
    N, D_in, H, D_out = 64, 1000, 100, 10
    df.manual_seed(0)
    x = df.randn(N, D_in)
    y = df.randn(N, D_out)
    w1 = df.randn(D_in, H, requires_grad=True)
    w2a = df.randn(H, D_out, requires_grad=True)
    w2b = df.randn(H, D_out, requires_grad=True)
    prev_loss = df.tensor(1.0)
    learning_rate = 1e-6
    losses = []
    with df.mode("graph"):
        for _ in range(steps):
            loss = graph(x, y, w1, w2a, w2b, prev_loss)
            loss.backward()
            prev_loss = loss.detach()
            losses.append(loss.item())
            with df.no_grad():
                for w in (w1, w2a, w2b):
                    w -= learning_rate * w.grad
                    w.grad.zero_()
    return losses, graph.trace_count


def by_call(steps=20):
    """Make the graph by calling ``df.function`` on a function."""
    return train(df.function(model), steps)


def by_annotation(steps=20):
    """Make the graph with an annotation: even easier."""

    @df.function
    def annotated(x, y, w1, w2a, w2b, prev_loss):
        w2 = df.where(prev_loss < 5.0, w2a, w2b)
        y_pred = x.mm(w1).clamp(min=0).mm(w2)
        loss = (y_pred - y).pow(2).sum()
        return loss

    return train(annotated, steps)


if __name__ == "__main__":
    for program in (by_call, by_annotation):
        losses, traces = program()
        print(f"{program.__name__}: {traces} trace for {len(losses)} steps: loss {losses[0]:.4g} → {losses[-1]:.4g}")
