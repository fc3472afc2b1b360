#!/usr/bin/env python3
"""Writes the tables in tables/ that the catalogue's other schedules are compared with.

    /usr/bin/python3 make_catalogue_schedules.py      (Debian: python3-torch, python3-numpy; the tests themselves need neither)

What PyTorch has is run by PyTorch (1.13: CosineAnnealingWarmRestarts, CyclicLR, OneCycleLR, SWALR), in double. What others do is computed
here in double, update by update, from their own formulas and in their own terms (tables of phases, lists, classes that step): nothing is
shared with the plugins.

catalogue_schedules.csv  case, schedule, preset, lr, time, warmup, parameters, updates, per_epoch, rates    the rate used in every update
                         warmup: "updates from", a line with half-open ends before the schedule
catalogue_watching.csv   case, schedule, preset, lr, parameters, mode, metrics, rates                       the rate after each report
"""
import csv
import itertools
import math
import pathlib
import warnings

import numpy as np
import torch

warnings.filterwarnings("ignore")  # PyTorch warns of schedulers that are driven without an optimizer
TABLES = pathlib.Path(__file__).parent / "tables"
PI = math.pi


def number(x):
    """The shortest text that reads back, integers without a point."""
    x = float(x)
    return repr(int(x)) if math.isfinite(x) and x == int(x) and abs(x) < 1e15 else repr(x)


def joined(xs):
    return " ".join(number(x) for x in xs)


SCHEDULES, WATCHING = [], []


def case(schedule, lr, rates, parameters="", preset="", time="", warmup="", per_epoch=1):
    rates = list(rates)
    SCHEDULES.append([len(SCHEDULES), schedule, preset, number(lr), time, warmup, parameters, len(rates), per_epoch, joined(rates)])


def watched(schedule, lr, metrics, rates, parameters, preset="", mode="min"):
    WATCHING.append([len(WATCHING), schedule, preset, number(lr), parameters, mode, joined(metrics), joined(rates)])


# ---- PyTorch's own -------------------------------------------------------------------------------------------------------------------

def torch_rates(make, lr, updates):
    weight = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=lr, momentum=0.9)
    scheduler = make(optimizer)
    rates = []
    for update in range(updates):
        rates.append(optimizer.param_groups[0]["lr"])
        if update + 1 < updates:
            scheduler.step()
    return rates


def pytorch_cases():
    scheduler = torch.optim.lr_scheduler
    for first, t_mult, end, updates in [(7, 1, 0, 40), (2, 1, 0.01, 9), (10, 2, 0.001, 320), (7, 3, 0.02, 1000), (10, 3, 0, 1300), (1, 2, 0, 70)]:
        rates = torch_rates(lambda o: scheduler.CosineAnnealingWarmRestarts(o, first, t_mult, end), 0.4, updates)
        case("cosine_restarts", 0.4, rates, f"first={first};t_mult={t_mult};end={end}", preset="pytorch")
    for up, down, mode, gamma in [(5, 5, "triangular", 1), (4, 9, "triangular2", 1), (6, 3, "exp_range", 0.99), (1, 1, "triangular", 1)]:
        rates = torch_rates(lambda o: scheduler.CyclicLR(o, 0.01, 0.3, up, down, mode, gamma, cycle_momentum=False), 0.01, 80)
        case("cyclic", 0.01, rates, f"max=0.3;up={up};down={down};mode={mode};gamma={gamma}", preset="pytorch")
        if (up, down) == (5, 5):  # the defaults are these; down is as long as up
            case("cyclic", 0.01, rates, "max_ratio=30;up=5")
            case("cyclic", 0.01, rates[1:], "max=0.3;up=5", time="ends=shifted")
            case("cyclic", 0.01, np.repeat(rates[:20], 4), "max=0.3;up=5", time="unit=epoch", per_epoch=4)
    rates = torch_rates(lambda o: scheduler.CyclicLR(o, 0.01, 0.3, 2000, cycle_momentum=False), 0.01, 2100)
    case("cyclic", 0.01, rates, "max=0.3")
    for updates, pct, shape, three, div, final in [(100, 0.3, "cos", False, 25, 1e4), (37, 0.3, "cos", False, 25, 1e4), (37, 0.25, "linear", False, 10, 100),
                                                   (100, 0.3, "linear", True, 25, 1e4), (53, 0.21, "cos", True, 20, 50), (10, 0.3, "cos", False, 25, 1e4),
                                                   (2, 0.3, "cos", False, 25, 1e4), (3, 0.3, "linear", False, 25, 1e4), (1000, 0.45, "cos", True, 25, 1e4)]:
        rates = torch_rates(lambda o: scheduler.OneCycleLR(o, 0.7, total_steps=updates, pct_start=pct, anneal_strategy=shape, cycle_momentum=False,
                                                           div_factor=div, final_div_factor=final, three_phase=three), 0.1, updates)
        case("one_cycle", 0.1, rates, f"max=0.7;pct={pct};shape={shape};phases={3 if three else 2};div={div};final_div={number(final)}", preset="pytorch")
    rates = torch_rates(lambda o: scheduler.OneCycleLR(o, 0.7, total_steps=30, cycle_momentum=False), 0.1, 30)
    case("one_cycle", 0.1, rates + [rates[-1]] * 10, "max=0.7;length=30")  # past the end: held; PyTorch goes up again
    for epochs, shape in [(10, "cos"), (4, "linear"), (0, "cos")]:
        rates = torch_rates(lambda o: torch.optim.swa_utils.SWALR(o, 0.05, epochs, shape), 0.2, 14)
        case("swa_anneal", 0.2, np.repeat(rates, 3), f"swa_lr=0.05;anneal={epochs};shape={'cos' if shape == 'cos' else 'linear'}", preset="pytorch", per_epoch=3)
    case("swa_anneal", 0.2, np.repeat(torch_rates(lambda o: torch.optim.swa_utils.SWALR(o, 0.5, 10, "cos"), 0.2, 14), 3), "swa_lr=0.5",
         preset="pytorch", per_epoch=3)


# ---- others' formulas ----------------------------------------------------------------------------------------------------------------

def optax_interpolate(kind, init, boundaries_and_scales, updates):
    boundaries = sorted(boundaries_and_scales)
    bounds = [0] + boundaries
    values = [init]
    for b in boundaries:
        values.append(values[-1] * boundaries_and_scales[b])
    rates = []
    for count in range(updates):
        rate = values[-1] if bounds[-1] <= count else 0.0
        for left, right, a, z in zip(bounds, bounds[1:], values, values[1:]):
            if left <= count < right:
                pct = (count - left) / (right - left)
                rate += (z - a) * pct + a if kind == "linear" else a + (z - a) / 2 * (1 - math.cos(PI * pct))
        rates.append(rate)
    return values, rates


def fastai_combined_cos(pct, start, middle, end, updates):
    rates = []
    for k in range(updates):
        pos = k / updates
        if pos < pct:
            rates.append(start + (1 + math.cos(PI * (1 - pos / pct))) * (middle - start) / 2)
        else:
            rates.append(middle + (1 + math.cos(PI * (1 - (pos - pct) / (1 - pct)))) * (end - middle) / 2)
    return rates


def interpolation_cases():
    for kind, shape in [("linear", "linear"), ("cosine", "cos")]:
        values, rates = optax_interpolate(kind, 0.2, {10: 0.5, 25: 3.0, 40: 0.1}, 60)
        case("piecewise_interpolate", 0.2, rates, f"at=0 10 25 40;values={joined(values)};shape={shape}", preset="optax")
    case("piecewise_interpolate", 0.3, np.interp(np.arange(50), [5, 20, 35], [0.1, 0.4, 0.02]), "at=5 20 35;values=0.1 0.4 0.02")
    case("piecewise_interpolate", 0.3, np.interp(np.arange(50), [0, 15, 49], [0.1, 0.4, 0.02]), "at=0 0.3fraction 1fraction;values=0.1 0.4 0.02")
    case("piecewise_interpolate", 0.3, np.interp(np.arange(50), [0, 15, 49], [0.03, 0.3, 0.003]), "at=0 0.3 1;values_ratio=0.1 1 0.01", time="unit=fraction")
    case("piecewise_interpolate", 0.3, np.interp(np.arange(50), [0, 15, 50], [0.1, 0.4, 0.02]), "at=0 0.3 1;values=0.1 0.4 0.02",
         time="unit=fraction;ends=half_open")
    case("piecewise_interpolate", 0.3, np.interp(np.arange(1, 51), [0, 15, 50], [0.1, 0.4, 0.02]), "at=0 15 50;values=0.1 0.4 0.02", time="ends=shifted")
    case("piecewise_interpolate", 0.3, np.interp(np.repeat(np.arange(10), 5), [0, 4, 9], [0.1, 0.4, 0.02]), "at=0 4 9;values=0.1 0.4 0.02", time="unit=epoch",
         per_epoch=5)
    case("piecewise_interpolate", 0.3, np.exp(np.interp(np.arange(30), [3, 20], np.log([1e-4, 0.5]))), "at=3 20;values=0.0001 0.5;shape=exp")
    poly = [0.1 + 0.4 * min(1.0, max(0.0, (t - 4) / 16)) ** 2.5 for t in range(30)]
    case("piecewise_interpolate", 0.3, poly, "at=4 20;values=0.1 0.5;shape=poly;power=2.5")
    case("piecewise_interpolate", 0.3, [0.1 if t < 7 else 0.5 if t < 20 else 0.2 for t in range(30)], "at=3 7 20;values=0.1 0.5 0.2;shape=hold")
    case("piecewise_interpolate", 0.95, fastai_combined_cos(0.25, 0.95, 0.85, 0.95, 64), "at=0 0.25 1;values=0.95 0.85 0.95", preset="fastai")
    recorded = np.random.RandomState(3).uniform(1e-4, 1, 40)
    for shape in ["linear", "cos", "log", "hold", "exp"]:
        case("table", 0.1, recorded, f"at={joined(range(40))};values={joined(recorded)};shape={shape}")
    case("table", 0.1, np.repeat(recorded[:12], 5), f"at={joined(range(12))};values={joined(recorded[:12])}", time="unit=epoch", per_epoch=5)
    case("table", 0.1, 10 ** np.interp(np.arange(30), [0, 10, 29], [-4, -1, -3]), "at=0 10 29;values=0.0001 0.1 0.001;shape=log")


def keras_restarts(lr, first, t_mul, m_mul, alpha, updates):
    rates, start, length, i = [], 0.0, float(first), 0
    for step in range(updates):
        while step >= start + length - 1e-9:
            start, length, i = start + length, length * t_mul, i + 1
        rates.append(lr * ((1 - alpha) * 0.5 * m_mul ** i * (1 + math.cos(PI * (step - start) / length)) + alpha))
    return rates


def timm_cosine(lr, low, first, mul, decay, limit, updates):
    rates = []
    for t in range(updates):
        i, start, length = 0, 0, first
        while i < limit and t >= start + length:
            start, length, i = start + length, length * mul, i + 1
        rates.append(low + 0.5 * (lr * decay ** i - low) * (1 + math.cos(PI * (t - start) / length)) if i < limit else low)
    return rates


def warm_restarts(lr, low, cycle, warm, gamma, updates):
    """A line up from `low` in each cycle, then the cosine, as the packages named CosineAnnealingWarmupRestarts have it."""
    rates, peak = [], lr
    for t in range(updates):
        step = t % cycle
        if t > 0 and step == 0:
            peak *= gamma
        rates.append(low + (peak - low) * (step / warm if step < warm else (1 + math.cos(PI * (step - warm) / (cycle - warm))) / 2))
    return rates


def restarts_cases():
    for first, t_mul, m_mul, alpha in [(10, 2.0, 0.9, 0.1), (10, 1.5, 1.0, 0.0), (7, 1.0, 0.8, 0.05), (12, 1.25, 0.7, 0.01)]:
        case("cosine_restarts", 0.2, keras_restarts(0.2, first, t_mul, m_mul, alpha, 300), f"first={first};t_mult={t_mul};m_mult={m_mul};end_ratio={alpha}",
             preset="keras")
    case("cosine_restarts", 0.2, keras_restarts(0.2, 9, 2.0, 1.0, 0.0, 100), "first=9", preset="keras")  # Keras' t_mul is 2
    for first, mul, decay, limit in [(10, 1, 0.5, 3), (6, 2, 0.1, 4), (20, 1, 1.0, 1)]:
        case("cosine_restarts", 0.5, timm_cosine(0.5, 1e-3, first, mul, decay, limit, 110),
             f"first={first};t_mult={mul};m_mult={decay};cycles={limit};end=0.001", preset="timm")
    case("cosine_restarts", 0.5, warm_restarts(0.5, 0.01, 15, 4, 0.8, 70), "first=15;cycle_warmup=4;m_mult=0.8;end=0.01", time="ends=half_open")
    # The core's ends: every cycle reaches the floor on its last tick, its warm-up the peak on its last.
    closed = [0.01 + 0.49 * (1 + math.cos(PI * (t % 12) / 11)) / 2 for t in range(50)]
    case("cosine_restarts", 0.5, closed, "first=12;end=0.01")
    lows = [0.1 * 0.5 ** (t // 6) for t in range(30)]  # floor_of: cycle scales the floor with the peak
    case("cosine_restarts", 1, [low + (low / 0.1 - low) * (1 + math.cos(PI * (t % 6) / 5)) / 2 for t, low in enumerate(lows)],
         "first=6;m_mult=0.5;end=0.1;floor_of=cycle")
    warm = [[(s + 1) / 4 if s < 4 else (1 + math.cos(PI * (s - 4) / 7)) / 2 for s in [t % 12]][0] for t in range(40)]
    case("cosine_restarts", 1, warm, "first=12;cycle_warmup=4")
    # A cycle of 2.5 epochs: restarts fall inside an epoch.
    case("cosine_restarts", 1, [(1 + math.cos(PI * (t % 20) / 20)) / 2 for t in range(64)], "first=2.5", time="unit=epoch_frac;ends=half_open", per_epoch=8)
    case("cosine_restarts", 1, [(1 + math.cos(PI * (t % 10) / 9)) / 2 for t in range(100)], "first=0.1", time="unit=fraction")


def smooth_cases():
    tanh = lambda q, lb, ub: 0.5 * (1 - math.tanh(lb * (1 - q) + ub * q))
    for lb, ub in [(-7, 3), (-6, 4), (0, 2)]:
        case("tanh", 0.4, [0.01 + 0.39 * tanh(t / 80, lb, ub) if t < 80 else 0.01 + 0.39 * tanh(1, lb, ub) for t in range(100)],
             f"end=0.01;length=80;lb={lb};ub={ub}", preset="timm")
    exact = lambda q: (tanh(q, -2, 1) - tanh(1, -2, 1)) / (tanh(0, -2, 1) - tanh(1, -2, 1))
    case("tanh", 0.4, [0.01 + 0.39 * exact(t / 99) for t in range(100)], "end=0.01;lb=-2;ub=1;normalise=true")
    rex = lambda q: (1 - q) / (1 - q / 2)
    case("rex", 0.4, [0.01 + 0.39 * rex(t / 100) for t in range(100)], "end=0.01", preset="paper")
    case("rex", 0.4, [0.4 * rex(t / 99) for t in range(100)])
    case("rex", 0.4, [0.4 * rex(10 * (t // 10) / 100) for t in range(100)], "sample=10", preset="paper")
    case("rex", 0.4, [0.4 * rex(min(1, (t // 30) / (70 / 30))) for t in range(100)], "sample=0.3fraction")
    case("rex", 0.4, [0.4 * rex(t // 5 / 20) for t in range(100)], time="unit=epoch", preset="paper", per_epoch=5)
    for d, warm, gain in [(512, 40, 1), (64, 1, 2), (512, 4000, 1)]:
        case("noam", 0.1, [gain * d ** -0.5 * min(n ** -0.5, n * warm ** -1.5) for n in range(1, 201)], f"d_model={d};peak={warm};gain={gain}")
    case("noam", 3, [256 ** -0.5 * min(n ** -0.5, n * 4000 ** -1.5) for n in range(1, 101)], "d_model=256")

    def transformers_inverse_sqrt(t, warm, timescale):
        return t / max(1, warm) if t < warm else 1.0 / math.sqrt((t + timescale - warm) / timescale)
    case("inverse_sqrt", 0.2, [0.2 * transformers_inverse_sqrt(t, 20, 20) for t in range(200)], "timescale=20", warmup="20 0")
    case("inverse_sqrt", 0.2, [0.2 * transformers_inverse_sqrt(t, 0, 10000) for t in range(200)])
    case("inverse_sqrt", 0.2, [0.2 * transformers_inverse_sqrt(t, 15, 70) for t in range(200)], "timescale=70", warmup="15 0")

    def transformers_wsd(t, warm, stable, decay, kind, low):
        if t < warm:
            return t / warm * (1 - low) + low
        if t < warm + stable:
            return 1.0
        if t < warm + stable + decay:
            q = (t - warm - stable) / max(1, decay)
            f = {"linear": 1 - q, "cosine": 0.5 * (1 + math.cos(PI * 0.5 * 2 * q)), "1-sqrt": 1 - math.sqrt(q)}[kind]
            return f * (1 - low) + low
        return low
    for kind, low in itertools.product(["linear", "cosine", "1-sqrt"], [0, 0.05]):
        shape = "" if kind == "cosine" else f";decay_shape={kind}"
        case("wsd", 0.3, [0.3 * transformers_wsd(t, 10, 50, 30, kind, low) for t in range(100)], f"stable=50;decay=30;end_ratio={low}{shape}",
             preset="transformers", warmup=f"10 {0.3 * low}")
    left = {"linear": lambda q: 1 - q, "cosine": lambda q: math.cos(PI * q / 2) ** 2, "1-sqrt": lambda q: 1 - q ** 0.5, "1-square": lambda q: 1 - q * q,
            "exp": lambda q: (0.5 ** q - 0.5) / 0.5}
    for kind, f in left.items():
        case("wsd", 0.3, [0.02 + 0.28 * (1 if t < 80 else f((t - 80) / 19)) for t in range(100)], f"decay=0.2fraction;end=0.02;decay_shape={kind}")
    case("wsd", 0.3, [0.3 * (1 if t < 80 else 1 - math.sqrt((t - 80) / 19)) for t in range(100)], "decay=20")
    inverse = [1 / np.interp(t, [80, 99], [1 / 0.3, 1 / 0.02]) for t in range(100)]
    case("wsd", 0.3, inverse, "decay=20;end=0.02;decay_shape=inverse_linear")
    case("wsd", 0.3, [0.3 * (1 - t / 99) for t in range(100)], "decay=100;stable=0;decay_shape=linear")
    case("flat_cos", 0.2, fastai_combined_cos(0.75, 0.2, 0.2, 0.2 / 1e5, 80), preset="fastai")
    case("flat_cos", 0.2, fastai_combined_cos(0.75, 0.2, 0.2, 0.2 / 1e5, 8), preset="fastai")  # ends at .500005 of the base
    case("flat_cos", 0.2, fastai_combined_cos(0.5, 0.2, 0.2, 0.2 / 50, 64), "flat=0.5;div_final=50", preset="fastai")
    case("flat_cos", 0.2, [0.2 if t < 60 else 0.002 + 0.198 * (1 + math.cos(PI * (t - 60) / 19)) / 2 for t in range(80)], "div_final=100")
    case("sgld_poly", 0.1, [0.05 * (10 + t) ** -0.55 for t in range(200)], "a=0.05;b=10")
    case("sgld_poly", 0.1, [0.05 * (0.5 + t // 4) ** -1.0 for t in range(80)], "a_ratio=0.5;b=0.5;gamma=1", time="unit=epoch", per_epoch=4)


def geron(updates, peak, start=None, tail=None, last=None):
    """The knots of the book's callback: up, down and the tail, each a line from the first of its iterations on."""
    start = peak / 10 if start is None else start
    tail = updates // 10 + 1 if tail is None else tail
    last = start / 1000 if last is None else last
    half = (updates - tail) // 2
    return [max(last, float(np.interp(t, [0, half, 2 * half, updates], [start, peak, start, last]))) for t in range(updates)]


def cycle_cases():
    for n in [11, 12, 37, 100, 469]:
        case("one_cycle_geron", 0.05, geron(n, 0.5), "max=0.5")
    case("one_cycle_geron", 0.1, geron(60, 0.5, 0.02, 15, 1e-4) + [1e-4] * 5, "iterations=60;max_ratio=5;start=0.02;last_iterations=15;last_rate=0.0001")
    case("one_cycle_geron", 0.05, geron(40, 0.5), "max=0.5", time="unit=fraction")
    case("one_cycle_geron", 0.05, np.repeat(geron(40, 0.5), 3), "max=0.5", time="unit=epoch", per_epoch=3)

    def fastai_one_cycle(peak, div, div_final, pct, updates):
        return fastai_combined_cos(pct, peak / div, peak, peak / div_final, updates)
    case("one_cycle", 0.1, fastai_one_cycle(0.6, 25, 1e5, 0.25, 90), "max=0.6", preset="fastai")
    case("one_cycle", 0.1, fastai_one_cycle(0.6, 10, 1e3, 0.4, 64), "max=0.6;div=10;final_div=1000;pct=0.4", preset="fastai")
    for steps, pct, div, final in [(100, 0.3, 25.0, 1e4), (37, 0.3, 25.0, 1e4), (100, 0.29, 5.0, 10.0)]:
        _, rates = optax_interpolate("cosine", 0.6 / div, {int(pct * steps): div, int(steps): 1 / (div * final)}, steps)
        case("one_cycle", 0.1, rates, f"max=0.6;pct={pct};div={number(div)};final_div={number(final)}", preset="optax")
    for steps, pct, last in [(100, 0.3, 0.85), (41, 0.3, 0.85), (60, 0.2, 0.7)]:
        _, rates = optax_interpolate("linear", 0.6 / 25, {int(pct * steps): 25.0, int(last * steps): 1 / 25, steps: 1 / 1e4}, steps)
        case("one_cycle", 0.1, rates, f"max=0.6;pct={pct};pct_final={last}", preset="optax_linear")

    def fractal(n):
        order = [0]
        while len(order) < n:
            order = [k for a in order for k in (a, 2 * len(order) - 1 - a)]
        return np.array(order)
    chebyshev = lambda m, M, k, n: 1.0 / ((M + m) / 2 - (M - m) / 2 * np.cos((k + 0.5) * PI / n))
    case("chebyshev", 0.2, 0.2 * chebyshev(0.05, 1, np.arange(64), 64)[fractal(64)])
    case("chebyshev", 0.2, 0.2 * chebyshev(0.1, 2, np.arange(128), 128)[fractal(128)][:100], "curvature_min=0.1;curvature_max=2")
    case("chebyshev", 0.2, 0.2 * chebyshev(0.1, 2, np.arange(50), 50), "curvature_min=0.1;curvature_max=2;permuted=false")
    case("chebyshev", 0.2, np.repeat(0.2 * chebyshev(0.05, 1, np.arange(16), 16)[fractal(16)], 3), time="unit=epoch", per_epoch=3)


def expression_cases():
    case("expression", 0.3, [0.3 * math.exp(-0.1 * (t // 6)) for t in range(60)], "formula=lr0 * exp(-0.1 * e)", per_epoch=6)
    case("expression", 0.3, [0.3 * (1 - t / 60) ** 2 for t in range(60)], "formula=lr0 * (1 - t / T)^2", per_epoch=6)
    case("expression", 0.3, [0.3 * (1 + math.cos(PI * t / 60)) / 2 for t in range(60)], "formula=lr0 * (1 + cos(pi * q)) / 2", per_epoch=6)
    case("expression", 0.3, [0.3 / math.sqrt(1 + t // 6) for t in range(60)], "formula=lr0 / sqrt(1 + x)", time="unit=epoch", per_epoch=6)
    case("expression", 0.3, [0.01 * (1 + t % 6 / 6) for t in range(60)], "formula=0.01 * (1 + t / E - e)", per_epoch=6)
    case("expression", 0.3, [0.3 if t < 20 else 0.03 for t in range(60)], "formula=t < 20 ? lr0 : lr0 / 10")
    case("expression", 0.3, [0.3 * (1 + math.log(1 + t)) for t in range(60)], "formula=lr0 * (1 + log(1 + t))")


# ---- machines that watch ---------------------------------------------------------------------------------------------------------------

def greedy_of_the_authors(lr, metrics, factor, patience, margin, cooldown, pause, low, high, window, reset=0):
    rate, best, good, bad, cool, warm, losses, rates = lr, math.inf, 0, 0, 0, 0, [], []
    for epoch, metric in enumerate(metrics, 1):
        losses = (losses + [metric])[-window:]
        loss = sum(losses) / len(losses)
        if loss < best - margin:
            best, good, bad = loss, good + 1, 0
        else:
            good, bad = 0, bad + 1
        if cool > 0:
            cool, good = cool - 1, 0
        if warm > 0:
            warm, bad = warm - 1, 0
        if good > patience:
            rate, cool, good = min(rate / factor, high), cooldown, 0
        elif bad > patience:
            rate, warm, bad = max(rate * factor, low), pause, 0
        if reset > 0 and epoch % reset == 0:
            rate, best, good, bad, cool, warm, losses = lr, math.inf, 0, 0, 0, 0, []
        rates.append(rate)
    return rates


class TransformersGreedy:
    def __init__(self, lr, factor, patience, threshold, cooldown, warmup, low, high, window, reset):
        self.lr = self.start = lr
        self.factor, self.patience, self.threshold, self.cooldown, self.warmup = factor, patience, threshold, cooldown, warmup
        self.low, self.high, self.window, self.reset = low, high, window, reset
        self.forget()

    def forget(self):
        self.best, self.good, self.bad, self.cools, self.warms, self.left, self.values = math.inf, 0, 0, 0, 0, self.reset, []

    def step(self, value):
        self.values = (self.values + [value])[-self.window:]
        value = sum(self.values) / len(self.values)
        if self.cools > 0:
            self.cools, self.good, self.bad = self.cools - 1, 0, 0
        elif self.warms > 0:
            self.warms, self.good, self.bad = self.warms - 1, 0, 0
        else:
            if value < self.best - self.threshold:
                self.best, self.bad, self.good = value, 0, self.good + 1
            else:
                self.bad, self.good = self.bad + 1, 0
            if self.good > self.patience:
                higher = min(self.lr / self.factor, self.high)
                self.lr = higher if higher - self.lr > 1e-8 else self.lr
                self.left, self.warms, self.good = self.reset, self.warmup, 0
            elif self.bad > self.patience:
                lower = max(self.lr * self.factor, self.low)
                self.lr = lower if self.lr - lower > 1e-8 else self.lr
                self.cools, self.bad = self.cooldown, 0
                if self.lr <= self.low:
                    self.left -= 1
                    if self.left <= 0:
                        self.lr = self.start
                        self.forget()
        return self.lr


def normal_below(value):
    return 0.5 * (1 + math.erf(value / math.sqrt(2)))


def steps_without_decrease(history, p, largest):
    """For every n, the line through the last n by np.polyfit."""
    steps = 0
    for n in range(3, len(history) + 1):
        y = np.array([v for v in history[-n:] if v <= largest])
        if len(y) < 3:
            continue
        x = np.arange(len(y))
        coefficients, residuals = np.polyfit(x, y, 1, full=True)[:2]
        rss = float(residuals[0]) if len(residuals) else 0.0
        deviation = math.sqrt(12 * rss / (len(y) - 2) / (len(y) ** 3 - len(y)))
        if normal_below(-coefficients[0] / deviation) < p:
            steps = n
    return steps


def slope_test(lr, metrics, threshold, p=0.51, discard=0.1, factor=0.1):
    rate, history, rates = lr, [], []
    for metric in metrics:
        history.append(metric)
        quantile = sorted(history)[int(math.floor((len(history) - 1) * (1 - discard) + 0.5))]
        if steps_without_decrease(history, p, math.inf) > threshold and steps_without_decrease(history, p, quantile) > threshold:
            rate, history = rate * factor, []
        rates.append(rate)
    return rates


def bold_driver(lr, metrics, grow=1.05, shrink=0.5, tolerance=0.0, low=0.0, high=math.inf):
    rate, last, rates = lr, None, []
    for metric in metrics:
        if not math.isfinite(metric):
            rate = max(rate * shrink, low)
        else:
            if last is not None and metric < last:
                rate = min(rate * grow, high)
            elif last is not None and metric > last + tolerance * abs(last):
                rate = max(rate * shrink, low)
            last = metric
        rates.append(rate)
    return rates


def watching_cases():
    rng = np.random.RandomState(17)
    falling = 2 * np.exp(-np.arange(120) / 15) + 0.1 + 0.01 * rng.normal(size=120)
    stairs = np.repeat([2.0, 1.0, 0.6, 0.55, 0.54], 24) + 0.02 * rng.normal(size=120)
    waves = 1 + 0.5 * np.sin(np.arange(120) / 9) + 0.05 * rng.normal(size=120)
    spiky = falling + np.where(rng.uniform(size=120) < 0.06, 5.0, 0.0)
    recordings = [falling, stairs, waves, spiky, np.ones(60), np.linspace(2, 1, 60)]
    for metrics in recordings:
        watched("greedy", 0.1, metrics, greedy_of_the_authors(0.1, metrics, 0.1, 10, 0, 0, 0, 0, 10, 50), "max=10;margin_rel=0;eps=0")
        watched("greedy", 0.1, metrics, greedy_of_the_authors(0.1, metrics, 0.8, 2, 0.003, 3, 4, 1e-3, 0.5, 5),
                "factor=0.8;patience=2;margin_abs=0.003;margin_rel=0;cooldown=3;pause=4;floor=0.001;max=0.5;window=5;eps=0")
        watched("greedy", 0.1, metrics, greedy_of_the_authors(0.1, metrics, 0.5, 1, 0, 0, 2, 1e-3, 0.5, 1, 25),
                "factor=0.5;patience=1;margin_rel=0;pause=2;floor=0.001;max=0.5;window=1;reset=25;eps=0")
        machine = TransformersGreedy(0.1, 0.95, 10, 1e-6, 0, 0, 1e-3, 1.0, 1, 500)
        watched("greedy", 0.1, metrics, [machine.step(v) for v in metrics], "max=1", preset="transformers")
        machine = TransformersGreedy(0.1, 0.4, 1, 1e-3, 3, 2, 1e-3, 0.5, 4, 3)
        watched("greedy", 0.1, metrics, [machine.step(v) for v in metrics],
                "factor=0.4;patience=1;margin_abs=0.001;cooldown=3;pause=2;floor=0.001;max=0.5;window=4;reset=3", preset="transformers")
        watched("bold_driver", 0.1, metrics, bold_driver(0.1, metrics), "")
        watched("bold_driver", 0.1, metrics, bold_driver(0.1, metrics, 1.2, 0.7, 0.05, 0.01, 0.3), "grow=1.2;shrink=0.7;tolerance=0.05;floor=0.01;ceiling=0.3")
    watched("bold_driver", 0.1, -falling, bold_driver(0.1, falling, tolerance=0.01), "tolerance=0.01", mode="max")
    broken = [1.0, 0.9, math.nan, 0.8, 0.85, math.inf, 0.7, 0.6]
    watched("bold_driver", 0.1, broken, bold_driver(0.1, broken), "")
    for metrics in recordings[:4]:
        for threshold in [2, 5, 20]:
            watched("slope_test", 0.1, metrics, slope_test(0.1, metrics, threshold), f"threshold={threshold}")
        watched("slope_test", 0.1, metrics, slope_test(0.1, metrics, 8, 0.9, 0.3, 0.5), "threshold=8;p=0.9;discard=0.3;factor=0.5")
        watched("slope_test", 0.1, metrics, slope_test(0.1, metrics, 12, 0.51, 0.0, 0.5), "threshold=12;discard=0;factor=0.5")
    watched("slope_test", 0.1, 1e6 - stairs, slope_test(0.1, [v - 1e6 for v in stairs], 10), "threshold=10", mode="max")


def write(name, header, rows):
    with open(TABLES / name, "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header] + rows)


pytorch_cases()
interpolation_cases()
restarts_cases()
smooth_cases()
cycle_cases()
expression_cases()
watching_cases()
write("catalogue_schedules.csv", ["case", "schedule", "preset", "lr", "time", "warmup", "parameters", "updates", "per_epoch", "rates"], SCHEDULES)
write("catalogue_watching.csv", ["case", "schedule", "preset", "lr", "parameters", "mode", "metrics", "rates"], WATCHING)
print(len(SCHEDULES), "schedules,", len(WATCHING), "that watch")
