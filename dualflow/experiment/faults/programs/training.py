"""A training loop as people write it: batches from a loader, Adam, a learning rate that falls, a test at the end."""

import dualflow as df
from dualflow.data import DataLoader, TensorDataset, load_digits

df.manual_seed(0)
images, labels = load_digits(split="train")
test_images, test_labels = load_digits(split="test")
train = TensorDataset(df.from_numpy(images[:256]), df.from_numpy(labels[:256]))
loader = DataLoader(train, batch_size=64, shuffle=True)

model = df.nn.Sequential(
    df.nn.Linear(64, 32),
    df.nn.ReLU(),
    df.nn.Dropout(0.1),
    df.nn.Linear(32, 10),
)
loss_function = df.nn.CrossEntropyLoss()
optimizer = df.optim.Adam(model.parameters(), lr=3e-3)


@df.function
def step(batch, targets):
    logits = model(batch)
    loss = loss_function(logits, targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


@df.function
def accuracy(batch, targets):
    predicted = model(batch).argmax(dim=1)
    return (predicted == targets).astype(df.float32).mean()


losses = []
for epoch in range(2):
    model.train()
    for batch, targets in loader:
        losses.append(float(step(batch, targets)))
    for group in optimizer.param_groups:
        group["lr"] = 3e-3 / (epoch + 2)
model.eval()
score = float(accuracy(df.from_numpy(test_images), df.from_numpy(test_labels)))
result = [losses, score]
