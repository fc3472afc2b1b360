"""What the references of the optimizers are driven with (layouts, starts, gradients, rates, losses), and what they share."""
import pathlib

import numpy as np

np.seterr(all="ignore")
TABLES = pathlib.Path(__file__).parent / "tables"
UPDATES, PER_EPOCH, BATCH, SAMPLES = 100, 10, 10, 100
SHOWN = (1, 2, 3, 10, 50, 100)
LAYOUTS = {  # shapes and roles of the tensors
    "vector": [((12,), "bias")],
    "net": [((6, 5), "weight"), ((6,), "bias"), ((3, 7), "weight"), ((3, 2, 2, 2), "weight"), ((3,), "scale")],
    "wide": [((18, 37), "weight"), ((18,), "bias"), ((25, 20), "weight")],
}


def size_of(layout):
    return sum(int(np.prod(shape)) for shape, _ in LAYOUTS[layout])


def exact(a):
    return np.asarray(a).astype(np.float32).astype(np.float64)


def recorded():
    rng = np.random.RandomState(20261121)
    starts, gradients = {}, {}
    for layout in LAYOUTS:
        count = size_of(layout)
        starts[layout] = exact(rng.normal(0, 0.7, count))
        random = rng.normal(0, 1, (UPDATES, count)) * np.exp(rng.uniform(-3, 1, count)) + rng.normal(0, 0.3, count)
        gradients[layout, "random"] = exact(random)
        if layout == "wide":
            continue
        # By column: never a gradient, one update in 17, tiny, one huge among zeros, signs that alternate, huge at first, constant from the
        # third on, then sparse ones of growing size; over again for more weights.
        hard = np.zeros((UPDATES, count))
        for column in range(count):
            kind = column % 12
            if kind == 1:
                hard[::17, column] = 1.5
            elif kind == 2:
                hard[:, column] = 1e-9 * rng.normal(0, 1, UPDATES)
            elif kind == 3:
                hard[40, column] = 1e3
            elif kind == 4:
                hard[:, column] = np.where(np.arange(UPDATES) % 2, -0.25, 0.25)
            elif kind == 5:
                hard[:3, column] = [1e2, -3e2, 50]
            elif kind == 6:
                hard[2:, column] = 0.01
            elif kind > 6:
                hard[:, column] = rng.normal(0, 10.0 ** (kind - 11), UPDATES) * (rng.uniform(0, 1, UPDATES) < 0.3)
        gradients[layout, "hard"] = exact(hard)
    return starts, gradients


STARTS, GRADIENTS = recorded()
RATES = {"constant": np.ones(UPDATES), "varying": 0.55 + 0.45 * np.cos(np.arange(UPDATES) * 0.37)}  # in [.1, 1]
LOSSES = 1.5 + np.sin(np.arange(UPDATES) * 0.7)


def split(flat, layout):
    parts, at = [], 0
    for shape, _ in LAYOUTS[layout]:
        count = int(np.prod(shape))
        parts.append(flat[at:at + count].reshape(shape).copy())
        at += count
    return parts


def flat(parts):
    return np.concatenate([p.ravel() for p in parts])


def norm(parts):
    return np.sqrt(sum((p * p).sum() for p in parts))


def dot(a, b):
    return sum((x * y).sum() for x, y in zip(a, b))


# ---- weight decay -------------------------------------------------------------------------------------------------------------------

class Decay:
    """`rate` is what the method multiplies its steps with; factor = lr / base."""
    def __init__(self, wd=0.0, form="l2"):
        self.wd, self.form = wd, form

    def gradient(self, p, g):
        return g + self.wd * p if self.form == "l2" else g

    def before(self, p, rate, factor):
        pull = {"decoupled": rate, "decoupled_unscaled": factor, "corrected": rate * factor}.get(self.form, 0.0)
        return p - pull * self.wd * p

    def after(self, p, rate):
        return p / (1 + rate * self.wd) if self.form == "proximal" else p


FORMS = ("l2", "decoupled", "decoupled_unscaled", "proximal", "corrected")


class Method:
    """step(P, G, lr, n, loss): P and G are lists of tensors, P is changed in place; n = 1 at the first update."""
    def __init__(self, base, layout):
        self.base, self.roles, self.state = base, [role for _, role in LAYOUTS[layout]], {}

    def memory(self, k, name, like):
        return self.state.setdefault((k, name), np.zeros_like(like))

    def point(self, P):
        return None


def by_tensor(rule, decay=Decay()):
    """rule(self, k, p, g, lr, n) returns what is taken off p; self.state[k, name] are its memories."""
    class ByTensor(Method):
        def step(self, P, G, lr, n, loss):
            for k, (p, g) in enumerate(zip(P, G)):
                g = decay.gradient(p, g)
                p = decay.before(p, lr, lr / self.base)
                P[k] = decay.after(p - rule(self, k, p, g, lr, n), lr)
    return ByTensor


def mean(self, k, name, new, beta):
    m = beta * self.state.get((k, name), np.zeros_like(new)) + (1 - beta) * new
    self.state[k, name] = m
    return m
