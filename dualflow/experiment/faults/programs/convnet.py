"""A small convolutional network on the digits as 8×8 images, with momentum."""

import dualflow as df
from dualflow.data import load_digits

df.manual_seed(0)
images, labels = load_digits(flatten=False, split="train")
x = df.from_numpy(images[:32]).unsqueeze(1)
y = df.from_numpy(labels[:32])


class Net(df.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = df.nn.Conv2d(1, 8, 3, padding=1)
        self.conv2 = df.nn.Conv2d(8, 16, 3, padding=1)
        self.norm = df.nn.BatchNorm2d(16)
        self.head = df.nn.Linear(16 * 2 * 2, 10)

    def forward(self, x):
        h = self.conv1(x).relu()
        h = df.nn.functional.max_pool2d(h, 2)
        h = self.norm(self.conv2(h)).relu()
        h = df.nn.functional.max_pool2d(h, 2)
        h = h.flatten(1)
        return self.head(h)


model = Net()
optimizer = df.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)


@df.function
def step(x, y):
    logits = model(x)
    loss = df.nn.functional.cross_entropy(logits, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


losses = []
for _ in range(3):
    losses.append(float(step(x, y)))
result = [losses, model.head.weight]
