#!/usr/bin/env python3
"""Writes range_test.csv: curves of a range test and what the rules say of them, computed with NumPy alone.

The rules are re-derived from their definitions, in double precision and in another way where there is one: the smoothed curve as a
weighted mean over all losses so far (the closed form of the debiased average), the longest falling subsequence by recursion over its
last place, the slide with numpy.gradient. Losses are float32, as the store keeps them. Run: /usr/bin/python3 range_test.py > range_test.csv
"""
import numpy as np


def rates(case):
    q = np.arange(case["updates"]) / (case["updates"] - 1)
    if case["ramp"] == "linear":
        return case["from"] + (case["to"] - case["from"]) * q
    return np.exp(np.log(case["from"]) + q * (np.log(case["to"]) - np.log(case["from"])))


def smoothed(losses, b):
    """sum_k b^(i-k) L_k / sum_k b^(i-k): the debiased average is a weighted mean."""
    result = []
    for i in range(len(losses)):
        weights = b ** np.arange(i, -1, -1, dtype=float)
        result.append(np.dot(weights, losses[: i + 1]) / weights.sum())
    return np.array(result)


def longest_falling(y):
    """(length, last place) of the longest strictly falling subsequence; of several the one that ends first."""
    lengths = []
    for i in range(len(y)):
        lengths.append(1 + max([lengths[j] for j in range(i) if y[j] > y[i]], default=0))
    end = int(np.argmax(lengths))
    return lengths[end], end


def analyse(case):
    losses = np.asarray(case["losses"], dtype=np.float32).astype(float)
    lr, s = rates(case), smoothed(losses, case["smoothing"])
    diverged = next((i for i in range(len(s)) if not np.isfinite(losses[i]) or s[i] > case["stop_at"] * np.min(s[: i + 1])), None)
    out = dict(steepest=None, valley=None, minimum=None, slide=None, divergence=None, diverged_at=diverged, falls=0)
    if diverged is not None:
        out["divergence"] = lr[diverged] / 10
    usable = len(losses) if diverged is None else diverged
    first, last = case["updates"] // 10, usable - 5
    if last - first < 3:
        return out
    y, x = s[first:last], lr[first:last]
    before, b = losses[: min(first, usable)], case["smoothing"]
    scatter = np.sqrt(np.mean(np.diff(before) ** 2) / 2) if len(before) > 1 else 0.0
    noise = scatter * np.sqrt((1 - b) / (1 + b))  # of an infinite debiased average of independent losses
    out["falls"] = int(y.min() < before.mean() - max(0.1 * before.mean(), 4 * noise))
    if not out["falls"]:
        return out
    lowest = np.argmin(y)
    slopes = np.diff(y[: lowest + 1]) / np.diff(np.log(x[: lowest + 1]))  # behind the lowest point it only recovers from spikes
    if len(slopes) and slopes.min() < 0:
        out["steepest"] = x[np.argmin(slopes)]
    out["minimum"] = x[np.argmin(y)] / 10
    length, end = longest_falling(y)
    if length > 1:
        third = length / 3.0
        out["valley"] = x[max(0, end - length) + int(third) + int(third / 2)]
    if len(y) > 15:
        g = np.gradient(y)
        r = -1
        while r - 15 >= -len(y) and abs(g[r] - g[r - 15]) > 0.005:
            out["slide"] = x[r - 15]
            r -= 1
    return out


def curve(case, fall_at, rise_at, noise=0.0, seed=0, start=2.3, low=0.4, steepness=2.0):
    """Falls like a logistic of log10(rate) around `fall_at` and rises as a power of the rate from `rise_at`."""
    u = np.log10(rates(case))
    y = start - (start - low) / (1 + np.exp(-steepness * 2 * (u - np.log10(fall_at)))) + 10 ** (2 * (u - np.log10(rise_at)))
    return y * (1 + noise * np.random.RandomState(seed).standard_normal(len(u)))


def case(name, make, **keys):
    c = {"name": name, "from": 1e-6, "to": 10.0, "updates": 300, "ramp": "exponential", "smoothing": 0.9, "stop_at": 4.0, **keys}
    c["losses"] = np.asarray(make(c), dtype=np.float32)
    s = smoothed(c["losses"].astype(float), c["smoothing"])
    for i in range(len(s)):  # as the trainer does: nothing is recorded after the divergence
        if not np.isfinite(c["losses"][i]) or s[i] > c["stop_at"] * np.min(s[: i + 1]):
            c["losses"] = c["losses"][: i + 1]
            break
    return c


def then(values, place, value):
    values = np.array(values)
    values[place:] = value
    return values


cases = [
    case("smooth", lambda c: curve(c, 1e-3, 1.0)),
    case("unsmoothed", lambda c: curve(c, 1e-3, 1.0), smoothing=0.0),
    case("noisy", lambda c: curve(c, 1e-3, 1.0, noise=0.1, seed=1)),
    case("noisy again, as fastai smooths", lambda c: curve(c, 1e-2, 0.3, noise=0.1, seed=2), smoothing=0.98, updates=100),
    case("linear ramp", lambda c: curve(c, 0.05, 0.8, noise=0.02, seed=3), ramp="linear", to=2.0, **{"from": 0.001}),
    case("never diverges", lambda c: curve(c, 1e-2, 1e6, noise=0.05, seed=4)),
    case("never falls", lambda c: curve(c, 1e9, 1.0, noise=0.02, seed=5)),
    case("nothing but noise", lambda c: curve(c, 1e9, 1e9, noise=0.4, seed=8)),
    case("flat to the end", lambda c: curve(c, 1e9, 1e9, noise=0.02, seed=6)),
    case("diverges at once", lambda c: curve(c, 1e-3, 2e-6)),
    case("not a number at the end of the fall", lambda c: then(curve(c, 1e-3, 1e3, noise=0.05, seed=7), 220, np.nan)),
    case("infinite at the first update", lambda c: then(curve(c, 1e-3, 1.0), 0, np.inf)),
    case("few updates", lambda c: curve(c, 1e-3, 1.0), updates=20),
    case("falls from the first update", lambda c: 2.0 * 0.99 ** np.arange(c["updates"])),
    case("rises only", lambda c: 1.0 + 0.005 * np.arange(c["updates"])),
]


def text(value):
    return "" if value is None else repr(float(value)) if isinstance(value, float) else str(value)


print("# made by range_test.py with NumPy; two lines a case: what it is and what the rules say, then the losses")
for c in cases:
    with np.errstate(invalid="ignore"):
        out = analyse(c)
    fields = [c["name"].replace(",", ";"), *(text(c[k]) for k in ("from", "to", "updates", "ramp", "smoothing", "stop_at")),
              *(text(out[k] if out[k] is None or isinstance(out[k], int) else float(out[k]))
                for k in ("steepest", "valley", "minimum", "slide", "divergence", "diverged_at", "falls"))]
    print(",".join(fields))
    print(",".join(str(np.float32(v)) for v in c["losses"]))
