"""Optimizers with norms of tensors or sums over all weights, in float64, from their published formulas. See make_catalogue_optimizers.py."""
import numpy as np

from catalogue_recording import PER_EPOCH, Decay, Method, by_tensor, dot, mean, norm


# ---- by tensor: norms, rows and columns ---------------------------------------------------------------------------------------------

def lamb(b1=0.9, b2=0.999, eps=1e-6, wd=0.01, outside=None, always=True, ratio_max=np.inf, low=0.0, high=np.inf):
    decay = Decay(wd, outside) if outside else Decay()

    class Lamb(Method):
        def step(self, P, G, lr, n, loss):
            for k, (p, g) in enumerate(zip(P, G)):
                g = decay.gradient(p, g)
                p = decay.before(p, lr, lr / self.base)
                m, v = mean(self, k, "m", g, b1) / (1 - b1 ** n), mean(self, k, "v", g * g, b2) / (1 - b2 ** n)
                u = m / (np.sqrt(v) + eps) + (0 if outside else wd) * p
                length, reach = np.linalg.norm(p), np.linalg.norm(u)
                length = min(max(length, low), high)
                ratio = min(length / reach, ratio_max) if length > 0 and reach > 0 and (always or wd != 0) else 1.0
                P[k] = decay.after(p - lr * ratio * u, lr)
    return Lamb


def lars(momentum=0.9, velocity=True, nesterov=False, trust=1e-3, eps=1e-8, decayed=False, late=False, ratio_max=np.inf, weights_only=False,
         always=True, wd=5e-4, outside=None):
    decay = Decay(wd, outside) if outside else Decay()
    inner = 0.0 if outside else wd

    class Lars(Method):
        def step(self, P, G, lr, n, loss):
            for k, (p, g) in enumerate(zip(P, G)):
                g = decay.gradient(p, g)
                length, reach = np.linalg.norm(p), np.linalg.norm(g)
                ratio = 1.0
                if length > 0 and reach > 0 and (always or wd != 0) and not (weights_only and self.roles[k] != "weight"):
                    below = np.linalg.norm(g + inner * p) if decayed else reach + inner * length
                    ratio = min(trust * length / (below + eps), ratio_max)
                p = decay.before(p, lr, lr / self.base)
                q = g + inner * p
                early, last = (1.0, ratio) if late else (ratio, 1.0)
                if velocity:
                    v = self.state[k, "v"] = momentum * self.memory(k, "v", g) + lr * early * q
                    move = last * (momentum * v + lr * early * q if nesterov else v)
                else:
                    b = self.state[k, "v"] = momentum * self.memory(k, "v", g) + early * q
                    move = lr * last * (early * q + momentum * b if nesterov else b)
                P[k] = decay.after(p - move, lr)
    return Lars


def novograd(b1=0.95, b2=0.98, eps=1e-8, averaging=False, wd=0.0, outside=None):
    decay = Decay(wd, outside) if outside else Decay()

    def rule(self, k, p, g, lr, n):
        square = (g * g).sum()
        v = self.state[k, "v"] = square if n == 1 else b2 * self.state[k, "v"] + (1 - b2) * square
        term = g / (np.sqrt(v) + eps) + (0 if outside else wd) * p
        m = self.state[k, "m"] = b1 * self.memory(k, "m", g) + (1 - b1 if averaging else 1) * term
        return lr * m
    return by_tensor(rule, decay)


def adamp(b1=0.9, b2=0.999, eps=1e-8, delta=0.1, wd_ratio=0.1, nesterov=False, wd=0.0):
    class AdamP(Method):
        projected = 0

        def step(self, P, G, lr, n, loss):
            for k, (p, g) in enumerate(zip(P, G)):
                m, v = mean(self, k, "m", g, b1), mean(self, k, "v", g * g, b2)
                below = np.sqrt(v / (1 - b2 ** n)) + eps
                u, ratio = ((b1 * m + (1 - b1) * g) if nesterov else m) / (1 - b1 ** n) / below, 1.0
                if p.ndim > 1:
                    for rows in (p.shape[0], 1):
                        pr, gr, ur = p.reshape(rows, -1), g.reshape(rows, -1), u.reshape(rows, -1)
                        lengths = np.linalg.norm(pr, axis=1) + eps
                        cosine = np.abs((pr * gr).sum(1)) / (np.linalg.norm(gr, axis=1) + eps) / lengths
                        if cosine.max() < delta / np.sqrt(pr.shape[1]):
                            unit = pr / lengths[:, None]
                            u, ratio = (ur - unit * (unit * ur).sum(1, keepdims=True)).reshape(p.shape), wd_ratio
                            AdamP.projected += 1
                            break
                P[k] = p - lr * ratio * wd * p - lr * u
    return AdamP


def matrix(a):
    return a.reshape(a.shape[0], -1) if a.ndim > 1 else a.reshape(1, -1)


def adafactor(power=0.8, eps=float(np.finfo(np.float32).eps), inside=False, floor=1e-3, threshold=1.0, relative=True, least=2,
              decay=Decay(0, "decoupled")):
    class Adafactor(Method):
        def step(self, P, G, lr, n, loss):
            rho = min(lr, n ** -0.5) if relative else lr
            for k, (p, g) in enumerate(zip(P, G)):
                g = decay.gradient(p, g)
                alpha = rho * max(floor, np.sqrt((p * p).mean()))
                q, keep = matrix(g) ** 2 + (eps if inside else 0), 1 - float(n) ** -power
                if min(q.shape) >= least:
                    R = self.state[k, "R"] = keep * self.state.get((k, "R"), 0) + (1 - keep) * q.mean(1)
                    C = self.state[k, "C"] = keep * self.state.get((k, "C"), 0) + (1 - keep) * q.mean(0)
                    V = np.outer(R, C) / (R.mean() if inside else max(R.mean(), eps))
                else:
                    V = self.state[k, "V"] = keep * self.state.get((k, "V"), 0) + (1 - keep) * q
                if not inside:
                    V = np.maximum(V, eps * eps)
                U = matrix(g) / np.sqrt(V)
                U = U / max(1.0, np.sqrt((U * U).mean()) / threshold)
                P[k] = decay.after(decay.before(p, lr, lr / self.base) - alpha * U.reshape(p.shape), lr)
    return Adafactor


def sm3(momentum=0.9, eps=0.0, decay=Decay()):
    def rule(self, k, p, g, lr, n):
        q = matrix(g)
        if min(q.shape) > 1:
            R, C = self.state.get((k, "R"), np.zeros(q.shape[0])), self.state.get((k, "C"), np.zeros(q.shape[1]))
            N = np.minimum(R[:, None], C[None, :]) + q * q
            self.state[k, "R"], self.state[k, "C"] = N.max(1), N.max(0)
        else:
            N = self.state[k, "N"] = self.memory(k, "N", q) + q * q
        u = np.where(N > 0, q / np.sqrt(np.where(N > 0, N + eps, 1)), 0).reshape(g.shape)
        return lr * mean(self, k, "m", u, momentum)
    return by_tensor(rule, decay)


def muon(momentum=0.95, ema=True, nesterov=True, steps=5, rms=None, adam_ratio=1.0, b1=0.9, b2=0.999, eps=1e-8, decay=Decay(0.1, "decoupled")):
    class Muon(Method):
        def step(self, P, G, lr, n, loss):
            for k, (p, g) in enumerate(zip(P, G)):
                g = decay.gradient(p, g)
                if p.ndim == 2 and self.roles[k] == "weight":
                    q = (1 - momentum) * g if ema else g
                    b = self.state[k, "b"] = momentum * self.memory(k, "b", g) + q
                    X = momentum * b + q if nesterov else b
                    X = X / (np.linalg.norm(X) + 1e-7)
                    U, S, V = np.linalg.svd(X, full_matrices=False)  # an odd polynomial in X is that polynomial of its singular values
                    for _ in range(steps):
                        S = 3.4445 * S - 4.775 * S ** 3 + 2.0315 * S ** 5
                    scale = np.sqrt(max(1, p.shape[0] / p.shape[1])) if rms is None else rms * np.sqrt(max(p.shape))
                    rate, move = lr, lr * scale * (U * S) @ V
                else:
                    rate = adam_ratio * lr
                    m, v = mean(self, k, "m", g, b1) / (1 - b1 ** n), mean(self, k, "v", g * g, b2) / (1 - b2 ** n)
                    move = rate * m / (np.sqrt(v) + eps)
                P[k] = decay.after(decay.before(p, rate, lr / self.base) - move, rate)
    return Muon


# ---- over all weights ---------------------------------------------------------------------------------------------------------------

def adagrad_norm(b0=0.01, decay=Decay()):
    class AdagradNorm(Method):
        squares = 0.0

        def step(self, P, G, lr, n, loss):
            G = [decay.gradient(p, g) for p, g in zip(P, G)]
            self.squares += norm(G) ** 2
            rate = lr / np.sqrt(b0 ** 2 + self.squares)
            P[:] = [decay.after(decay.before(p, rate, lr / self.base) - rate * g, rate) for p, g in zip(P, G)]
    return AdagradNorm


def dog(dowg=False, first=1e-6, eps=1e-8, gamma=8.0, average=True, decay=Decay()):
    class Dog(Method):
        def step(self, P, G, lr, n, loss):
            G = [decay.gradient(p, g) for p, g in zip(P, G)]
            if n == 1:
                self.start, self.sum = [p.copy() for p in P], 0.0
                self.r = first * (1 + norm(P))
                self.mean = [np.zeros_like(p) for p in P]
            self.r = max(self.r, norm([p - s for p, s in zip(P, self.start)]))
            self.sum += norm(G) ** 2 * (self.r ** 2 if dowg else 1)
            rate = lr * (self.r ** 2 if dowg else self.r) / np.sqrt(self.sum + eps)
            P[:] = [decay.after(decay.before(p, rate, lr / self.base) - rate * g, rate) for p, g in zip(P, G)]
            w = (1 + gamma) / (n + gamma)
            self.mean = [(1 - w) * a + w * p for a, p in zip(self.mean, P)]

        def point(self, P):
            return self.mean if average else P
    return Dog


def prodigy(b1=0.9, b2=0.999, b3=None, eps=1e-8, d0=1e-6, coef=1.0, growth=np.inf, correct=False, safeguard=False, decay=Decay(0, "decoupled")):
    b3 = np.sqrt(b2) if b3 is None else b3

    class Prodigy(Method):
        d = d0
        num = 0.0

        def step(self, P, G, lr, n, loss):
            G = [decay.gradient(p, g) for p, g in zip(P, G)]
            if n == 1:
                self.start, self.largest = [p.copy() for p in P], d0
                self.m, self.v, self.s = ([np.zeros_like(p) for p in P] for _ in range(3))
            d, dlr = self.d, self.d * lr * (np.sqrt(1 - b2 ** n) / (1 - b1 ** n) if correct else 1)
            self.num = b3 * self.num + d / d0 * dlr * dot(G, [a - p for a, p in zip(self.start, P)])
            self.m = [b1 * m + (1 - b1) * d * g for m, g in zip(self.m, G)]
            self.v = [b2 * v + (1 - b2) * d * d * g * g for v, g in zip(self.v, G)]
            self.s = [b3 * s + d / d0 * (d if safeguard else dlr) * g for s, g in zip(self.s, G)]
            guess = coef * self.num / sum(np.abs(s).sum() for s in self.s)
            if d == d0:
                d = max(d, guess)
            self.largest = max(self.largest, guess)
            self.d = min(self.largest, d * growth)
            P[:] = [decay.after(decay.before(p, dlr, lr / self.base) - dlr * m / (np.sqrt(v) + self.d * eps), dlr)
                    for p, m, v in zip(P, self.m, self.v)]
    return Prodigy


def dadapt_sgd(momentum=0.0, d0=1e-6, growth=np.inf, wd=0.0):
    class DAdaptSgd(Method):
        d = d0
        num = 0.0

        def step(self, P, G, lr, n, loss):
            G = [g + wd * p for p, g in zip(P, G)]
            if n == 1:
                self.start, self.s, self.first = [p.copy() for p in P], [np.zeros_like(p) for p in P], norm(G)
            rate = self.d * lr / self.first
            self.num += rate * dot(G, self.s)
            self.s = [s + rate * g for s, g in zip(self.s, G)]
            self.d = max(self.d, min(2 * self.num / norm(self.s), self.d * growth))
            P[:] = [momentum * p + (1 - momentum) * (a - s) for p, a, s in zip(P, self.start, self.s)]
    return DAdaptSgd


def dadapt_adam(b1=0.9, b2=0.999, eps=1e-8, d0=1e-6, growth=np.inf, correct=False, decay=Decay()):
    k = np.sqrt(b2)

    class DAdaptAdam(Method):
        d = d0
        num = 0.0

        def step(self, P, G, lr, n, loss):
            G = [decay.gradient(p, g) for p, g in zip(P, G)]
            if n == 1:
                self.m, self.v, self.s = ([np.zeros_like(p) for p in P] for _ in range(3))
            dlr = self.d * lr * (np.sqrt(1 - b2 ** n) / (1 - b1 ** n) if correct else 1)
            self.num = k * self.num + (1 - k) * dlr * dot(G, [s / (np.sqrt(v) + eps) for s, v in zip(self.s, self.v)])
            self.m = [b1 * m + (1 - b1) * dlr * g for m, g in zip(self.m, G)]
            self.v = [b2 * v + (1 - b2) * g * g for v, g in zip(self.v, G)]
            self.s = [k * s + (1 - k) * dlr * g for s, g in zip(self.s, G)]
            guess = self.num / ((1 - k) * sum(np.abs(s).sum() for s in self.s))
            self.d = max(self.d, min(guess, self.d * growth))
            P[:] = [decay.after(decay.before(p, dlr, lr / self.base) - m / (np.sqrt(v) + eps), dlr) for p, m, v in zip(P, self.m, self.v)]
    return DAdaptAdam


def mechanic(momentum=0.9, lam=0.01, s_init=1e-6, eps=1e-8):
    betas = np.array([0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999])

    class Mechanic(Method):
        def step(self, P, G, lr, n, loss):
            if n == 1:
                self.start, self.b, self.delta = [p.copy() for p in P], [np.zeros_like(p) for p in P], [np.zeros_like(p) for p in P]
                self.s, self.r, self.m, self.v = np.full(6, s_init), np.zeros(6), np.zeros(6), np.zeros(6)
            pull = lam * self.s.sum() * norm(G) / (norm(P) + eps)
            h = dot([g + pull * p for p, g in zip(P, G)], self.delta)
            self.b = [momentum * b + g for b, g in zip(self.b, G)]
            self.delta = [d + lr * b for d, b in zip(self.delta, self.b)]
            self.r = betas * self.r + self.s * np.clip(h, -self.m, self.m)
            self.m = np.maximum(betas * self.m, abs(h) + eps)
            self.v = betas ** 2 * self.v + h * h
            self.s = (s_init / 6 * self.m + np.maximum(0, self.r)) / (np.sqrt(self.v) + eps)
            P[:] = [a - self.s.sum() * d for a, d in zip(self.start, self.delta)]
    return Mechanic


def sgd_hd(beta=1e-6, multiplicative=False, low=0.0, high=np.inf, momentum=0.0, decay=Decay()):
    class SgdHd(Method):
        def step(self, P, G, lr, n, loss):
            G = [decay.gradient(p, g) for p, g in zip(P, G)]
            if n == 1:
                self.rate, self.u = self.base, [np.zeros_like(p) for p in P]
            h = dot(G, self.u)
            if multiplicative:
                lengths = norm(G) * norm(self.u)
                self.rate *= 1 + beta * (h / lengths if lengths > 0 else 0)
            else:
                self.rate += beta * h
            self.rate = min(max(self.rate, low), high)
            self.u = [momentum * u + g for u, g in zip(self.u, G)]
            rate = self.rate * lr / self.base
            P[:] = [decay.after(decay.before(p, rate, lr / self.base) - rate * u, rate) for p, u in zip(P, self.u)]
    return SgdHd


def adam_hd(beta=1e-8, multiplicative=False, low=0.0, high=np.inf, b1=0.9, b2=0.999, eps=1e-8, hat=False, decay=Decay()):
    class AdamHd(Method):
        def step(self, P, G, lr, n, loss):
            G = [decay.gradient(p, g) for p, g in zip(P, G)]
            if n == 1:
                self.rate, self.u = self.base, [np.zeros_like(p) for p in P]
            h = dot(G, self.u)
            if multiplicative:
                lengths = norm(G) * norm(self.u)
                self.rate *= 1 + beta * (h / lengths if lengths > 0 else 0)
            else:
                self.rate += beta * h
            self.rate = min(max(self.rate, low), high)
            self.u = []
            for k, g in enumerate(G):
                m, v = mean(self, k, "m", g, b1) / (1 - b1 ** n), mean(self, k, "v", g * g, b2)
                self.u.append(m * np.sqrt(1 - b2 ** n) / (np.sqrt(v) + eps) if hat else m / (np.sqrt(v / (1 - b2 ** n)) + eps))
            rate = self.rate * lr / self.base
            P[:] = [decay.after(decay.before(p, rate, lr / self.base) - rate * u, rate) for p, u in zip(P, self.u)]
    return AdamHd


def polyak(smooth=False, f_star=0.0, c=0.5, eps=1e-8, growth=2.0):
    class Polyak(Method):
        def step(self, P, G, lr, n, loss):
            below = c * norm(G) ** 2 + eps
            wanted = max(loss - f_star, 0) / below if below > 0 else np.inf
            if smooth:
                self.rate = min(wanted, growth ** (1 / PER_EPOCH) * getattr(self, "rate", self.base))
                rate = self.rate * lr / self.base
            else:
                rate = min(wanted, lr)
            P[:] = [p - rate * g for p, g in zip(P, G)]
    return Polyak
