"""The same networks in PyTorch eager, one thread: what a careful user would write. Data lie in one tensor; a batch is one index_select."""
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)


def blobs():
    return nn.Sequential(nn.Linear(2, 50), nn.ReLU(), nn.Linear(50, 3))


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


def lenet():
    return nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                         nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def cifar10_cnn():
    return nn.Sequential(nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                         nn.Linear(4096, 512), nn.ReLU(), nn.Linear(512, 10))


class Block(nn.Module):
    """A basic block of He et al. 2016; its shortcut is a 1x1 projection where the shape changes."""

    def __init__(self, before, after, stride):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU(),
                                  nn.Conv2d(after, after, 3, 1, 1, bias=False), nn.BatchNorm2d(after))
        self.shortcut = nn.Sequential() if stride == 1 else nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after))

    def forward(self, x):
        return F.relu(self.body(x) + self.shortcut(x))


def resnet20():
    blocks = [Block(before, after, stride) for before, after, stride in
              [(16, 16, 1)] * 3 + [(16, 32, 2)] + [(32, 32, 1)] * 2 + [(32, 64, 2)] + [(64, 64, 1)] * 2]
    return nn.Sequential(nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                         nn.Linear(64, 10))


def fit_seconds(network, optimizer, shape, classes, train, test, batch, epochs, channels_last=False):
    """Seconds of `epochs` epochs with an evaluation after each, on random data of this shape."""
    x, y = torch.randn(train, *shape), torch.randint(classes, (train,))
    xt, yt = torch.randn(test, *shape), torch.randint(classes, (test,))
    model = network()
    if channels_last:
        model, x, xt = model.to(memory_format=torch.channels_last), *(t.contiguous(memory_format=torch.channels_last) for t in (x, xt))
    step = optimizer(model.parameters())
    start = time.perf_counter()
    for _ in range(epochs):
        model.train()
        order, loss_sum, correct = torch.randperm(train), 0.0, 0
        for first in range(0, train, batch):
            rows = order[first:first + batch]
            xb, yb = x.index_select(0, rows), y.index_select(0, rows)
            step.zero_grad(set_to_none=True)
            logits = model(xb)
            loss = F.cross_entropy(logits, yb)
            loss.backward()
            step.step()
            loss_sum += loss.item() * len(rows)
            correct += (logits.argmax(1) == yb).sum().item()
        model.eval()
        with torch.no_grad():
            for first in range(0, test, 500):
                logits = model(xt[first:first + 500])
                F.cross_entropy(logits, yt[first:first + 500]).item()
                (logits.argmax(1) == yt[first:first + 500]).sum().item()
    return time.perf_counter() - start


OPTIMIZERS = {  # ours: PyTorch's, with the fastest of its implementations
    "sgd": lambda p: torch.optim.SGD(p, 1e-6, foreach=True),
    "adam": lambda p: torch.optim.Adam(p, 1e-6, foreach=True),
    "adamw": lambda p: torch.optim.AdamW(p, 1e-6, foreach=True),
    "amsgrad": lambda p: torch.optim.Adam(p, 1e-6, amsgrad=True, foreach=True),
    "rmsprop": lambda p: torch.optim.RMSprop(p, 1e-6, foreach=True),
    "adagrad": lambda p: torch.optim.Adagrad(p, 1e-6, foreach=True),
    "adadelta": lambda p: torch.optim.Adadelta(p, 1e-6, foreach=True),
    "adamax": lambda p: torch.optim.Adamax(p, 1e-6, foreach=True),
    "nadam": lambda p: torch.optim.NAdam(p, 1e-6, foreach=True),
    "radam": lambda p: torch.optim.RAdam(p, 1e-6, foreach=True),
    "rprop": lambda p: torch.optim.Rprop(p, 1e-6, foreach=True),
    "asgd": lambda p: torch.optim.ASGD(p, 1e-6, foreach=True),
}


def optimizer_seconds(name, weights=1_000_000, steps=50):
    """Median seconds of one step, the better of the loop and the foreach implementation."""
    best = float("inf")
    for foreach in (True, False):
        parameter = nn.Parameter(torch.randn(weights))
        parameter.grad = 0.01 * torch.randn(weights)
        step = OPTIMIZERS[name]([parameter])
        for group in step.param_groups:
            group["foreach"] = foreach
        times = []
        for _ in range(steps):
            start = time.perf_counter()
            step.step()
            times.append(time.perf_counter() - start)
        best = min(best, sorted(times[5:])[len(times[5:]) // 2])
    return best
