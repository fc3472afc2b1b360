#!/usr/bin/env python3
"""Writes the tables that wrappers around optimizers are compared with: tables/*.csv.

    /usr/bin/python3 make_wrappers.py        (Debian: python3-torch, python3-numpy; the tests themselves need neither)

Everything is computed in float64. PyTorch does what it has: SGD and Adam, clip_grad_norm_ and clip_grad_value_, and AveragedModel of
torch.optim.swa_utils for the averages. The rest is written here from the papers' formulas.

gradients.csv   100 updates x weights; values that float32 holds exactly, some of them large
start.csv       weights before the first update
wrappers.csv    case, optimizer, lr, parameters, wrappers, gradients, update, what, w0...
"gradients" is `recorded`, or `surface`: those of the function below, for what looks around. "what" is `weights`, or `point`: where to
evaluate. An epoch has 10 updates. Tensors and function are repeated in tables.cpp.
"""
import csv
import os

import numpy as np
import torch

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tables")
UPDATES, EPOCH = 100, 10
SHOWN = (1, 2, 3, 10, 50, 75, 76, 99, 100)
SHAPES = [(4, 3), (4,), (2, 2, 2, 1), (3,)]
SIZES = [int(np.prod(s)) for s in SHAPES]
N = sum(SIZES)


def exact(x):
    return np.asarray(x, np.float32).astype(np.float64)


def surface(w):
    """sum a (w - b)^2 / 2 + sin(w_i + w_(i+1)), with its gradient; b moves from update to update, as batches differ."""
    i = np.arange(N)
    a, b = 0.25 + (i % 5) / 4, ((i * 7) % 11) / 8 - 0.5 + np.sin(0.7 * surface.update + i)
    s = w[:-1] + w[1:]
    g = a * (w - b)
    g[:-1] += np.cos(s)
    g[1:] += np.cos(s)
    return (a * (w - b) ** 2 / 2).sum() + np.sin(s).sum(), g


def split(w):
    return [part.reshape(shape) for part, shape in zip(np.split(w, np.cumsum(SIZES)[:-1]), SHAPES)]


def joined(parts):
    return np.concatenate([np.asarray(p).ravel() for p in parts])


class Model(torch.nn.Module):
    def __init__(self, w):
        super().__init__()
        self.p = torch.nn.ParameterList([torch.nn.Parameter(torch.tensor(p.copy())) for p in split(w)])

    def set(self, w):
        with torch.no_grad():
            for p, part in zip(self.p, split(w)):
                p.copy_(torch.tensor(part))

    def set_grad(self, g):
        for p, part in zip(self.p, split(g)):
            p.grad = torch.tensor(part)

    def get(self):
        return joined([p.detach().numpy() for p in self.p])

    def get_grad(self):
        return joined([p.grad.numpy() for p in self.p])


class Wrapper:
    """What a case does to gradient (before), to the step (after), and where it evaluates (point; None: at the weights)."""
    def start(self, model): pass
    def gradient(self, w, g): return g
    def before(self, model): pass
    def after(self, model, w, g, t): pass
    point = None


# ---- gradients ----------------------------------------------------------------------------------------------------------------------

class Sam(Wrapper):
    def __init__(self, rho, eta=None):
        self.rho, self.eta = rho, eta

    def gradient(self, w, g):
        t = np.ones(N) if self.eta is None else np.abs(w) + self.eta
        return surface(w + self.rho * t * t * g / np.linalg.norm(t * g))[1]


class Centralize(Wrapper):
    def __init__(self, least_rank=2):
        self.least_rank = least_rank

    def gradient(self, w, g):
        return joined([p - p.mean(axis=tuple(range(1, p.ndim)), keepdims=True) if p.ndim >= self.least_rank else p for p in split(g)])


class Clip(Wrapper):
    """By PyTorch, in float64."""
    def __init__(self, kind, limit):
        self.kind, self.limit = kind, limit

    def before(self, model):
        if self.kind == "norm":
            torch.nn.utils.clip_grad_norm_(model.parameters(), self.limit)
        else:
            torch.nn.utils.clip_grad_value_(model.parameters(), self.limit)


class Agc(Wrapper):
    def __init__(self, limit, eps=1e-3):
        self.limit, self.eps = limit, eps

    def gradient(self, w, g):
        clipped = []
        for weight, grad in zip(split(w), split(g)):
            rows_w, rows_g = (x.reshape(x.shape[0] if x.ndim >= 2 else 1, -1) for x in (weight, grad))
            most = self.limit * np.maximum(np.linalg.norm(rows_w, axis=1, keepdims=True), self.eps)
            norm = np.linalg.norm(rows_g, axis=1, keepdims=True)
            clipped.append(np.where(norm > most, rows_g * most / np.maximum(norm, 1e-300), rows_g))
        return joined(clipped)


# ---- steps --------------------------------------------------------------------------------------------------------------------------

class Cautious(Wrapper):
    def __init__(self, rescale=True, floor=1e-3):
        self.rescale, self.floor = rescale, floor

    def after(self, model, w, g, t):
        parts = []
        for old, new, grad in zip(split(w), split(model.get()), split(g)):
            mask = ((new - old) * grad < 0).astype(float)
            parts.append(old + (new - old) * mask / (max(mask.mean(), self.floor) if self.rescale else 1))
        model.set(joined(parts))


class Lookahead(Wrapper):
    def __init__(self, k, alpha, slow=True):
        self.k, self.alpha = k, alpha
        if slow:
            self.point = lambda: self.slow

    def start(self, model):
        self.slow = model.get()

    def after(self, model, w, g, t):
        if (t + 1) % self.k == 0:
            self.slow = self.slow + self.alpha * (model.get() - self.slow)
            model.set(self.slow)


# ---- averages -----------------------------------------------------------------------------------------------------------------------

class Averaged(Wrapper):
    """PyTorch's AveragedModel with a rule for the share; `due(u)` after u updates."""
    def __init__(self, share=None, due=lambda u: True):
        self.share, self.due = share, due

    def start(self, model):
        rule = None if self.share is None else lambda mean, new, n: mean + self.share(int(n)) * (new - mean)
        self.model, self.mean = model, torch.optim.swa_utils.AveragedModel(model, avg_fn=rule)

    def after(self, model, w, g, t):
        if self.due(t + 1):
            self.mean.update_parameters(model)

    def point(self):
        return self.mean.module.get() if self.mean.n_averaged > 0 else self.model.get()


def ema(decay):
    return Averaged(lambda n: 1 - decay(n) if callable(decay) else 1 - decay)


class Armijo:
    """Vaswani et al. 2019, algorithms 1 and 2, without momentum."""
    def __init__(self, parameters, lr, c=0.1, shrink=0.9, growth=2, reset="grow", tries=100):
        self.p, self.lr, self.c, self.shrink, self.growth, self.reset, self.tries, self.rate = list(parameters), lr, c, shrink, growth, reset, tries, None

    def step(self):
        w, g = (joined([x.detach().numpy() for x in xs]) for xs in (self.p, [p.grad for p in self.p]))
        first = self.rate is None or self.reset == "initial"
        rate = self.lr if first else self.rate * self.growth ** (1 / EPOCH) if self.reset == "grow" else self.rate
        for _ in range(self.tries):
            if surface(w - rate * g)[0] <= surface(w)[0] - self.c * rate * (g * g).sum():
                break
            rate *= self.shrink
        else:
            rate = 1e-6
        self.rate = rate
        with torch.no_grad():
            for p, part in zip(self.p, split(w - rate * g)):
                p.copy_(torch.tensor(part))


def cases():
    sgd, adam = ("sgd", 0.05, "momentum=0.9", lambda p: torch.optim.SGD(p, 0.05, momentum=0.9)), ("adam", 0.02, "", lambda p: torch.optim.Adam(p, 0.02))
    decayed = ("adamw", 0.02, "weight_decay=0.1", lambda p: torch.optim.AdamW(p, 0.02, weight_decay=0.1))
    for base in (sgd, adam):
        yield base, "lookahead", [Lookahead(5, 0.5)]
        yield base, "lookahead k=6;alpha=0.8;evaluate=fast", [Lookahead(6, 0.8, slow=False)]
        yield base, "ema decay=0.9", [ema(0.9)]
        yield base, "ema decay=0.999", [ema(0.999)]
        yield base, "ema decay=0.99;warmup=count", [ema(lambda n: min(0.99, (1 + n) / (10 + n)))]
        yield base, "ema decay=0.9;warmup=power", [ema(lambda n: min(0.9, 1 - (1 + n) ** (-2 / 3)))]
        yield base, "ema decay=0.97;warmup=power;gamma=5;power=1", [ema(lambda n: min(0.97, 1 - 1 / (1 + n / 5)))]
        yield base, "ema decay=0.8;every=3updates", [Averaged(lambda n: 0.2, due=lambda u: (u - 1) % 3 == 0)]
        yield base, "swa", [Averaged(due=lambda u: u >= 75 and (u - 75) % EPOCH == 0)]
        yield base, "swa start=2epochs;every=4updates", [Averaged(due=lambda u: u >= 20 and (u - 20) % 4 == 0)]
        yield base, "polyak_average", [Averaged()]
        yield base, "polyak_average start=0.5fraction", [Averaged(due=lambda u: u >= 50)]
        yield base, "polyak_average power=8", [Averaged(lambda n: 9 / (n + 1 + 8))]
        yield base, "cautious", [Cautious()]
        yield base, "centralize", [Centralize()]
        yield base, "centralize conv_only=true", [Centralize(3)]
        yield base, "clip norm=2", [Clip("norm", 2)]
        yield base, "clip value=0.5", [Clip("value", 0.5)]
        yield base, "clip adaptive=0.05", [Agc(0.05)]
        yield base, "clip adaptive=0.2;eps=1.5", [Agc(0.2, 1.5)]
        yield base, "sam", [Sam(0.05)]
        yield base, "sam rho=0.5", [Sam(0.5)]
        yield base, "sam rho=0.5;adaptive=true", [Sam(0.5, 0.01)]
        yield base, "sam rho=1;adaptive=true;eta=0.1", [Sam(1, 0.1)]
    for lr, words, settings in ((1.0, "", {}), (10.0, "c=0.5;shrink=0.5", {"c": 0.5, "shrink": 0.5}), (3.0, "reset=keep", {"reset": "keep"}),
                                (3.0, "reset=initial;growth=5", {"reset": "initial"}), (1.0, "growth=8;c=0.3", {"growth": 8, "c": 0.3}),
                                (100.0, "max_tries=5;growth=1e6", {"tries": 5, "growth": 1e6})):
        yield ("armijo", lr, words, lambda p, lr=lr, settings=settings: Armijo(p, lr, **settings)), "", []
    yield ("armijo", 1.0, "", lambda p: Armijo(p, 1.0)), "ema decay=0.9", [ema(0.9)]
    yield decayed, "cautious rescale=false", [Cautious(rescale=False)]
    yield decayed, "cautious floor=0.5", [Cautious(floor=0.5)]
    yield sgd, "sam rho=0.1 + centralize + clip norm=1 + cautious + lookahead k=4;alpha=0.3 + ema decay=0.95", \
        [Sam(0.1), Centralize(), Clip("norm", 1), Cautious(), Lookahead(4, 0.3), ema(0.95)]


def looks_around(base, wrappers):
    return base[0] == "armijo" or any(isinstance(x, Sam) for x in wrappers)


def run(base, wrappers, start, recorded):
    model = Model(start)
    optimizer = base[3](model.parameters())
    around = looks_around(base, wrappers)
    for x in wrappers:
        x.start(model)
    point = next((x.point for x in reversed(wrappers) if x.point is not None), model.get)
    for t in range(UPDATES):
        surface.update = t
        w = model.get()
        g = surface(w)[1] if around else recorded[t]
        for x in wrappers:
            g = x.gradient(w, g)
        model.set_grad(g)
        for x in wrappers:
            x.before(model)
        g = model.get_grad()
        optimizer.step()
        for x in wrappers:
            x.after(model, w, g, t)
        if t + 1 in SHOWN:
            yield t + 1, "weights", model.get()
            yield t + 1, "point", point()


def write(name, rows):
    with open(os.path.join(HERE, name), "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def main():
    rng = np.random.default_rng(20261121)
    gradients = exact(rng.standard_normal((UPDATES, N)) * np.where(rng.random((UPDATES, N)) < 0.05, 5, 1))
    start = exact(rng.standard_normal(N))
    write("gradients.csv", [[repr(float(v)) for v in row] for row in gradients])
    write("start.csv", [[repr(float(v)) for v in start]])
    rows = [["case", "optimizer", "lr", "parameters", "wrappers", "gradients", "update", "what"] + [f"w{i}" for i in range(N)]]
    for number, (base, words, wrappers) in enumerate(cases()):
        kind = "surface" if looks_around(base, wrappers) else "recorded"
        for update, what, weights in run(base, wrappers, start, gradients):
            rows.append([number, base[0], base[1], base[2], words, kind, update, what] + [f"{v:.9g}" for v in weights])
    write("wrappers.csv", rows)


main()
