"""Optimizers that treat every weight by itself, in float64, from their published formulas. See make_catalogue_optimizers.py."""
import numpy as np
import torch

from catalogue_recording import BATCH, SAMPLES, Decay, Method, by_tensor, mean


# ---- Adam's family ------------------------------------------------------------------------------------------------------------------

def amsgrad(b1=0.9, b2=0.999, eps=1e-8, form="after", hat=False, decay=Decay()):
    def rule(self, k, p, g, lr, n):
        m, v = mean(self, k, "m", g, b1), mean(self, k, "v", g * g, b2)
        c1, c2 = 1 - b1 ** n, 1 - b2 ** n
        old = self.state.get((k, "V"), np.zeros_like(v))
        if form == "before":
            V = self.state[k, "V"] = np.maximum(old, v / c2)
            return lr * (m / c1) / (np.sqrt(V) + (eps / np.sqrt(c2) if hat else eps))
        V = self.state[k, "V"] = np.maximum(old, v)
        if form == "none":
            return lr * m / (np.sqrt(V) + eps)
        if hat:
            return lr * np.sqrt(c2) / c1 * m / (np.sqrt(V) + eps)
        return lr * (m / c1) / (np.sqrt(V / c2) + eps)
    return by_tensor(rule, decay)


def nadam(b1=0.9, b2=0.999, eps=1e-8, psi=0.004, form="scheduled", decay=Decay()):
    mu = (lambda n: b1 * (1 - 0.5 * 0.96 ** (n * psi))) if form == "scheduled" else (lambda n: b1)

    def rule(self, k, p, g, lr, n):
        m, v = mean(self, k, "m", g, b1), mean(self, k, "v", g * g, b2) / (1 - b2 ** n)
        P = np.prod([mu(i) for i in range(1, n + 1)])
        if form == "alike":
            ahead = ((1 - b1) * g + b1 * m) / (1 - b1 ** n)
        else:
            ahead = (1 - mu(n)) * g / (1 - P) + mu(n + 1) * m / (1 - P * mu(n + 1))
        return lr * ahead / (np.sqrt(v) + eps)
    return by_tensor(rule, decay)


def rectified(b2, n, threshold):
    rho = 2 / (1 - b2) - 1
    rn = rho - 2 * n * b2 ** n / (1 - b2 ** n)
    return np.sqrt((rn - 4) * (rn - 2) * rho / ((rho - 4) * (rho - 2) * rn)) if rn > threshold else None


def radam(b1=0.9, b2=0.999, eps=1e-8, threshold=5, hat=True, decay=Decay()):
    def rule(self, k, p, g, lr, n):
        m, v = mean(self, k, "m", g, b1) / (1 - b1 ** n), mean(self, k, "v", g * g, b2)
        r, c2 = rectified(b2, n, threshold), 1 - b2 ** n
        if r is None:
            return lr * m
        return lr * r * m * (np.sqrt(c2) / (np.sqrt(v) + eps) if hat else 1 / (np.sqrt(v / c2) + eps))
    return by_tensor(rule, decay)


def adamax(b1=0.9, b2=0.999, eps=1e-8, inside=True, decay=Decay()):
    def rule(self, k, p, g, lr, n):
        m = mean(self, k, "m", g, b1) / (1 - b1 ** n)
        old = self.memory(k, "u", g)
        u = self.state[k, "u"] = np.maximum(b2 * old, np.abs(g) + (eps if inside else 0))
        below = u if inside else u + eps
        return lr * np.where(below > 0, m / np.where(below > 0, below, 1), 0)
    return by_tensor(rule, decay)


def lion(b1=0.9, b2=0.99, decay=Decay()):
    def rule(self, k, p, g, lr, n):
        u = np.sign(b1 * self.memory(k, "m", g) + (1 - b1) * g)
        mean(self, k, "m", g, b2)
        return lr * u
    return by_tensor(rule, decay)


def adabelief(b1=0.9, b2=0.999, eps=1e-16, rectify=False, decay=Decay(0, "decoupled")):
    def rule(self, k, p, g, lr, n):
        m = mean(self, k, "m", g, b1)
        s = self.state[k, "s"] = b2 * self.memory(k, "s", g) + (1 - b2) * (g - m) ** 2 + eps
        m, c2 = m / (1 - b1 ** n), 1 - b2 ** n
        if not rectify:
            return lr * m / (np.sqrt(s / c2) + eps)
        r = rectified(b2, n, 5)
        return lr * m if r is None else lr * r * m * np.sqrt(c2) / (np.sqrt(s) + eps)
    return by_tensor(rule, decay)


def adan(b1=0.98, b2=0.92, b3=0.99, eps=1e-8, decay=Decay(0, "proximal")):
    def rule(self, k, p, g, lr, n):
        d = g - self.state.get((k, "g"), g)
        self.state[k, "g"] = g
        m, v, q = mean(self, k, "m", g, b1), mean(self, k, "v", d, b2), mean(self, k, "n", (g + b2 * d) ** 2, b3)
        return lr * (m / (1 - b1 ** n) + b2 * v / (1 - b2 ** n)) / (np.sqrt(q / (1 - b3 ** n)) + eps)
    return by_tensor(rule, decay)


def yogi(b1=0.9, b2=0.999, eps=1e-3, v0=1e-6, m0=0.0, correct=False, decay=Decay()):
    def rule(self, k, p, g, lr, n):
        m, v = self.state.get((k, "m"), np.full_like(g, m0)), self.state.get((k, "v"), np.full_like(g, v0))
        m, v = b1 * m + (1 - b1) * g, v - (1 - b2) * np.sign(v - g * g) * g * g
        self.state[k, "m"], self.state[k, "v"] = m, v
        if correct:
            m, v = m / (1 - b1 ** n), v / (1 - b2 ** n)
        return lr * m / (np.sqrt(v) + eps)
    return by_tensor(rule, decay)


def laprop(b1=0.9, b2=0.999, eps=1e-15, inside=False, decay=Decay(0, "decoupled")):
    def rule(self, k, p, g, lr, n):
        v = mean(self, k, "v", g * g, b2) / (1 - b2 ** n)
        q = g / np.where(v > 0, np.sqrt(v) + eps, 1)
        if not inside:
            return lr * mean(self, k, "m", q, b1) / (1 - b1 ** n)
        m = mean(self, k, "m", lr * q, b1)
        L = mean(self, k, "L", np.float64(lr), b1)
        return m * lr / L
    return by_tensor(rule, decay)


def ademamix(b1=0.9, b2=0.999, b3=0.9999, alpha=5.0, eps=1e-8, ramp=0, decay=Decay(0, "decoupled")):
    half_life = lambda b: np.log(0.5) / np.log(b)

    def rule(self, k, p, g, lr, n):
        a = n / ramp if n < ramp else 1.0
        slow = 0.5 ** (1 / ((1 - a) * half_life(b1) + a * half_life(b3)))
        m1, m2, v = mean(self, k, "m1", g, b1), mean(self, k, "m2", g, slow), mean(self, k, "v", g * g, b2)
        return lr * (m1 / (1 - b1 ** n) + a * alpha * m2) / (np.sqrt(v / (1 - b2 ** n)) + eps)
    return by_tensor(rule, decay)


def adopt(b1=0.9, b2=0.9999, eps=1e-6, exponent=0.25, decay=Decay()):
    class Adopt(Method):
        def step(self, P, G, lr, n, loss):
            for k, (p, g) in enumerate(zip(P, G)):
                g = decay.gradient(p, g)
                if n == 1:
                    self.state[k, "v"] = g * g
                    continue
                v = self.state[k, "v"]
                q = g / np.maximum(np.sqrt(v), eps)
                if exponent is not None:
                    q = np.clip(q, -(n - 1) ** exponent, (n - 1) ** exponent)
                m = mean(self, k, "m", q, b1)
                P[k] = decay.after(decay.before(p, lr, lr / self.base) - lr * m, lr)
                self.state[k, "v"] = b2 * v + (1 - b2) * g * g
    return Adopt


def qhadam(b1=0.995, b2=0.999, nu1=0.7, nu2=1.0, eps=1e-8, decay=Decay()):
    def rule(self, k, p, g, lr, n):
        m, v = mean(self, k, "m", g, b1) / (1 - b1 ** n), mean(self, k, "v", g * g, b2) / (1 - b2 ** n)
        return lr * ((1 - nu1) * g + nu1 * m) / (np.sqrt((1 - nu2) * g * g + nu2 * v) + eps)
    return by_tensor(rule, decay)


def sophia(b1=0.965, b2=0.99, rho=0.04, every=10, decay=Decay(0.1, "decoupled")):
    def rule(self, k, p, g, lr, n):
        m = mean(self, k, "m", g, b1)
        if (n - 1) % every == 0:
            mean(self, k, "h", g * g, b2)
        return lr * np.clip(m / np.maximum(rho * BATCH * self.memory(k, "h", g), 1e-15), -1, 1)
    return by_tensor(rule, decay)


# ---- the rest -----------------------------------------------------------------------------------------------------------------------

def schedule_free(beta=0.9, r=0.0, power=2.0, b2=None, eps=1e-8, decay=Decay()):
    class ScheduleFree(Method):
        """Keeps x, y and z, all three."""
        def step(self, P, G, lr, n, loss):
            if n == 1:
                self.x, self.z, self.sum, self.top = [p.copy() for p in P], [p.copy() for p in P], 0.0, 0.0
            self.top = max(self.top, lr)
            weight = n ** r * self.top ** power
            self.sum += weight
            for k, (y, g) in enumerate(zip(P, G)):
                g = decay.gradient(y, g)
                if b2 is not None:
                    g = g / (np.sqrt(mean(self, k, "v", g * g, b2) / (1 - b2 ** n)) + eps)
                z = decay.after(self.z[k] - lr * g + (decay.before(y, lr, lr / self.base) - y), lr)
                self.z[k] = z
                self.x[k] = (1 - weight / self.sum) * self.x[k] + weight / self.sum * z
                P[k] = beta * self.x[k] + (1 - beta) * z

        def point(self, P):
            return self.x
    return ScheduleFree


def asgd(lam=1e-4, alpha=0.75, t0=1e6, decay=Decay()):
    class Asgd(Method):
        def step(self, P, G, lr, n, loss):
            eta, mu = lr / (1 + lam * lr * (n - 1)) ** alpha, 1 / max(1, n - 1 - t0)
            for k, (p, g) in enumerate(zip(P, G)):
                g = decay.gradient(p, g)
                own = decay.before(p, eta, lr / self.base)
                P[k] = decay.after(own - lam * eta * own - eta * g, eta)
                a = self.memory(k, "a", p)
                self.state[k, "a"] = a + mu * (P[k] - a)

        def point(self, P):
            return [self.state[k, "a"] for k in range(len(P))]
    return Asgd


def rprop(minus=0.5, plus=1.2, low=1e-6, high=50.0):
    def rule(self, k, p, g, lr, n):
        old, size = self.memory(k, "g", g), self.state.get((k, "size"), np.full_like(g, self.base))
        c = np.sign(old) * np.sign(g)
        size = self.state[k, "size"] = np.clip(size * np.where(c > 0, plus, np.where(c < 0, minus, 1)), low, high)
        g = self.state[k, "g"] = np.where(c < 0, 0, g)
        return lr / self.base * size * np.sign(g)
    return by_tensor(rule)


def signum(momentum=0.9, decay=Decay()):
    return by_tensor(lambda self, k, p, g, lr, n: lr * np.sign(mean(self, k, "m", g, momentum)), decay)


def madgrad(momentum=0.9, eps=1e-6, wd=0.0):
    def rule(self, k, p, g, lr, n):
        start = self.state.setdefault((k, "start"), p.copy())
        weight = lr * np.sqrt(n)
        s = self.state[k, "s"] = self.memory(k, "s", p) + weight * g
        v = self.state[k, "v"] = self.memory(k, "v", p) + weight * g * g
        z = start - s / (np.cbrt(v) + eps)
        return (1 - momentum) * (p - z)
    return by_tensor(rule, Decay(wd))


def ftrl(a0=0.0, beta=1.0, l1=0.0, l2=0.0, zero=False):
    def rule(self, k, p, g, lr, n):
        a = self.state.get((k, "a"), np.full_like(p, a0))
        z = self.state.get((k, "z"), np.zeros_like(p) if zero else -p * ((beta + np.sqrt(a0)) / self.base + l2))
        z = z + g - (np.sqrt(a + g * g) - np.sqrt(a)) / lr * p
        a = a + g * g
        self.state[k, "a"], self.state[k, "z"] = a, z
        below = (beta + np.sqrt(a)) / lr + l2
        new = np.where(np.abs(z) > l1, -(z - np.sign(z) * l1) / np.where(below > 0, below, 1), 0)
        return p - new
    return by_tensor(rule)


def sgld(samples=SAMPLES, prior=0.0):
    return by_tensor(lambda self, k, p, g, lr, n: lr / 2 * (samples * g + prior * p))


def of_torch(make):
    class Torch(Method):
        def step(self, P, G, lr, n, loss):
            if n == 1:
                self.tensors = [torch.nn.Parameter(torch.tensor(p, dtype=torch.float64)) for p in P]
                self.optimizer = make(self.tensors, self.base)
            self.optimizer.param_groups[0]["lr"] = lr
            for t, g in zip(self.tensors, G):
                t.grad = torch.tensor(g, dtype=torch.float64)
            self.optimizer.step()
            P[:] = [t.detach().numpy().copy() for t in self.tensors]
    return Torch
