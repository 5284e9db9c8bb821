"""What type checkers must refuse in a user's script: one mistake a line, named in a comment."""

import dualflow as df

a = df.randn(3, 4)
df.matmul(a)  # wrong
a.summ()  # wrong
df.nosuch  # wrong
df.sum(a, dim=0)  # wrong


@df.function
def step(x: df.Tensor, times: int = 1) -> df.Tensor:
    return x * times


step(a, times="two")  # wrong
step()  # wrong
