"""What type checkers must refuse in a user's script: one mistake a line, named in a comment."""

import dualflow as df

a = df.randn(3, 4)
df.matmul(a)  # wrong
a.summ()  # wrong
df.nosuch  # wrong
df.sum(a, dim=0)  # wrong
a.copy_()  # wrong
a.add_(1, beta=2)  # wrong
a.max(dim=1).value  # wrong


@df.function
def step(x: df.Tensor, times: int = 1) -> df.Tensor:
    return x * times


step(a, times="two")  # wrong
step()  # wrong


@df.no_grad()
def evaluate(x: df.Tensor) -> df.Tensor:
    return x.mean()


evaluate()  # wrong
