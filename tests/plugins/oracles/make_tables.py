#!/usr/bin/env python3
"""Writes the tables in tables/ that the plugins are compared with.

    /usr/bin/python3 make_tables.py        (Debian: python3-torch, python3-numpy; the tests themselves need neither)

What PyTorch has is run by PyTorch, in float64. What other frameworks do is computed here in float64 from their published formulas, one
function for each framework and method, with that framework's own numbers written out: nothing is shared with the plugins.

gradients_random.csv, gradients_hard.csv   100 updates x 12 weights; values that float32 holds exactly
optimizers.csv     case, optimizer, preset, lr, parameters, gradients, rates, update, w0..w11   weights after some updates
schedules.csv      case, schedule, preset, lr, time, parameters, updates, per_epoch, rates...    the rate used in every update
plateau.csv        case, preset, parameters, mode, metrics, rates    the rate (base 1) after each report
"""
import csv
import math
import pathlib
import warnings

import numpy as np
import torch

warnings.filterwarnings("ignore")  # PyTorch warns of schedulers that are driven without an optimizer
TABLES = pathlib.Path(__file__).parent / "tables"
UPDATES, WEIGHTS = 100, 12
SHOWN = (1, 2, 3, 10, 50, 100)


def number(x):
    """The shortest text that reads back, integers without a point."""
    return repr(int(x)) if x == int(x) and abs(x) < 1e15 else repr(float(x))


def joined(xs):
    return " ".join("nan" if math.isnan(x) else number(x) for x in xs)


# ---- recorded gradients -------------------------------------------------------------------------------------------------------------

def recorded():
    rng = np.random.RandomState(20240607)
    start = rng.normal(0, 1, WEIGHTS).astype(np.float32).astype(np.float64)
    random = rng.normal(0, 1, (UPDATES, WEIGHTS)) * np.exp(rng.uniform(-3, 1, WEIGHTS)) + rng.normal(0, 0.3, WEIGHTS)
    # Columns of the hard one: never a gradient, rarely one, tiny, one huge among zeros, alternating signs, huge at first, from the third on.
    hard = np.zeros((UPDATES, WEIGHTS))
    hard[::17, 1] = 1.5
    hard[:, 2] = 1e-12 * rng.normal(0, 1, UPDATES)
    hard[40, 3] = 1e4
    hard[:, 4] = np.where(np.arange(UPDATES) % 2, -0.25, 0.25)
    hard[:3, 5] = [1e3, -1e3, 1e2]
    hard[2:, 6] = 0.01
    for column in range(7, WEIGHTS):
        hard[:, column] = rng.normal(0, 10.0 ** (column - 11), UPDATES) * (rng.uniform(0, 1, UPDATES) < 0.3)
    exact = lambda a: a.astype(np.float32).astype(np.float64)
    return start, {"random": exact(random), "hard": exact(hard)}


START, GRADIENTS = recorded()
RATES = {"constant": np.ones(UPDATES), "varying": 0.55 + 0.45 * np.cos(np.arange(UPDATES) * 0.37)}  # in [.1, 1]


# ---- optimizers: PyTorch ------------------------------------------------------------------------------------------------------------

def run_torch(make, lr, gradients, factors):
    weights = torch.nn.Parameter(torch.tensor(START, dtype=torch.float64))
    optimizer = make([weights])
    history = [START.copy()]
    for gradient, factor in zip(gradients, factors):
        optimizer.param_groups[0]["lr"] = lr * factor
        weights.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
        history.append(weights.detach().numpy().copy())
    return history


def torch_cases():
    o = torch.optim
    for wd in (0, 0.03):
        d = {"weight_decay": wd} if wd else {}
        yield "sgd", 0.01, d, lambda p, wd=wd: o.SGD(p, lr=1, weight_decay=wd)
        yield "sgd", 0.01, {"momentum": 0.9, **d}, lambda p, wd=wd: o.SGD(p, lr=1, momentum=0.9, weight_decay=wd)
        yield "sgd", 0.01, {"momentum": 0.9, "dampening": 0.4, **d}, lambda p, wd=wd: o.SGD(p, lr=1, momentum=0.9, dampening=0.4, weight_decay=wd)
        yield "sgd", 0.01, {"momentum": 0.9, "nesterov": "true", **d}, lambda p, wd=wd: o.SGD(p, lr=1, momentum=0.9, nesterov=True, weight_decay=wd)
        for centered in (False, True):
            for momentum in (0, 0.9):
                c = {"centered": "true"} if centered else {}
                m = {"momentum": momentum} if momentum else {}
                yield "rmsprop", 0.01, {**c, **m, **d}, lambda p, wd=wd, centered=centered, momentum=momentum: o.RMSprop(
                    p, lr=1, centered=centered, momentum=momentum, weight_decay=wd)
        yield "rmsprop", 0.003, {"rho": 0.8, "eps": 1e-3, **d}, lambda p, wd=wd: o.RMSprop(p, lr=1, alpha=0.8, eps=1e-3, weight_decay=wd)
        yield "adagrad", 0.01, d, lambda p, wd=wd: o.Adagrad(p, lr=1, weight_decay=wd)
        yield "adagrad", 0.1, {"accumulator": 0.1, "eps": 1e-7, **d}, lambda p, wd=wd: o.Adagrad(
            p, lr=1, initial_accumulator_value=0.1, eps=1e-7, weight_decay=wd)
        yield "adagrad", 0.1, {"lr_decay": 0.05, **d}, lambda p, wd=wd: o.Adagrad(p, lr=1, lr_decay=0.05, weight_decay=wd)
        yield "adadelta", 1.0, d, lambda p, wd=wd: o.Adadelta(p, lr=1, weight_decay=wd)
        yield "adadelta", 0.5, {"rho": 0.95, "eps": 1e-4, **d}, lambda p, wd=wd: o.Adadelta(p, lr=1, rho=0.95, eps=1e-4, weight_decay=wd)
        yield "adam", 0.001, d, lambda p, wd=wd: o.Adam(p, lr=1, weight_decay=wd)
        yield "adam", 0.01, {"beta1": 0.5, "beta2": 0.9, "eps": 1e-3, **d}, lambda p, wd=wd: o.Adam(p, lr=1, betas=(0.5, 0.9), eps=1e-3, weight_decay=wd)
        yield "adam", 0.01, {"beta1": 0, "beta2": 0.99, **d}, lambda p, wd=wd: o.Adam(p, lr=1, betas=(0, 0.99), weight_decay=wd)
        yield "adamw", 0.001, {"weight_decay": wd}, lambda p, wd=wd: o.AdamW(p, lr=1, weight_decay=wd)
    yield "adamw", 0.001, {}, lambda p: o.AdamW(p, lr=1)
    yield "adamw", 0.01, {"beta1": 0.8, "beta2": 0.95, "eps": 1e-5, "weight_decay": 0.1}, lambda p: o.AdamW(
        p, lr=1, betas=(0.8, 0.95), eps=1e-5, weight_decay=0.1)


# ---- optimizers: the other frameworks, from their formulas --------------------------------------------------------------------------
# Each makes a run(lr, gradients, factors) that returns the weights before the first update and after each.

def stepper(function):
    """function(w, g, lr, n, state) -> new w, with n = 1 at the first update and state a dictionary for memories, all 0 at first."""
    def run(lr, gradients, factors):
        state, w, history = {}, START.copy(), [START.copy()]
        for n, (g, factor) in enumerate(zip(gradients, factors), 1):
            w = function(w, g, lr * factor, n, state)
            history.append(w.copy())
        return history
    return run


def memory(state, name):
    return state.get(name, np.zeros(WEIGHTS))


def keras_sgd(momentum=0.0, nesterov=False, decay=0.0):
    def update(w, g, lr, n, state):
        w = w - w * decay * lr  # Keras 3 takes the decay off before the update
        v = state["v"] = momentum * memory(state, "v") - lr * g
        return w + momentum * v - lr * g if nesterov else w + v
    return stepper(update)


def goyal_sgd(momentum, nesterov=False):
    def update(w, g, lr, n, state):
        ratio = lr / state.get("lr", lr)
        v = state["v"] = momentum * ratio * memory(state, "v") - lr * g
        state["lr"] = lr
        return w + momentum * v - lr * g if nesterov else w + v
    return stepper(update)


def ema_sgd(momentum, nesterov=False):
    def update(w, g, lr, n, state):
        b = state["b"] = momentum * memory(state, "b") + (1 - momentum) * g
        return w - lr * (momentum * b + (1 - momentum) * g) if nesterov else w - lr * b
    return stepper(update)


def mxnet_sgd(momentum=0.0, wd=0.0):
    def update(w, g, lr, n, state):
        g = g + wd * w
        v = state["v"] = momentum * memory(state, "v") - lr * g
        return w + v
    return stepper(update)


def fastai_sgd(momentum=0.0, wd=0.0):
    def update(w, g, lr, n, state):
        w = w * (1 - lr * wd)
        b = state["b"] = momentum * memory(state, "b") + g
        return w - lr * b
    return stepper(update)


def sgd_decayed(form, wd, lr0, momentum=0.0):
    def update(w, g, lr, n, state):
        if form == "decoupled":
            w = w - lr * wd * w
        if form == "decoupled_unscaled":
            w = w - lr / lr0 * wd * w
        if form == "corrected":
            w = w - lr * lr / lr0 * wd * w
        b = state["b"] = momentum * memory(state, "b") + g
        w = w - lr * b
        return w / (1 + lr * wd) if form == "proximal" else w
    return stepper(update)


def rmsprop_inside(rho, eps, momentum=0.0, centered=False, decay=0.0):
    """Keras 3 and Optax: eps under the root, the rate inside the momentum. MXNet's centered form is the same."""
    def update(w, g, lr, n, state):
        w = w - w * decay * lr
        v = state["v"] = rho * memory(state, "v") + (1 - rho) * g * g
        m = state["m"] = rho * memory(state, "m") + (1 - rho) * g
        denominator = v - m * m + eps if centered else v + eps
        u = state["u"] = momentum * memory(state, "u") + lr * g / np.sqrt(denominator)
        return w - u
    return stepper(update)


def rmsprop_outside(rho, eps, wd=0.0):
    """Keras 2 and MXNet without centering."""
    def update(w, g, lr, n, state):
        g = g + wd * w
        v = state["v"] = rho * memory(state, "v") + (1 - rho) * g * g
        return w - lr * g / (np.sqrt(v) + eps)
    return stepper(update)


def adagrad_variant(accumulator, eps, inside, decay=0.0, wd=0.0):
    def update(w, g, lr, n, state):
        w = w - w * decay * lr
        g = g + wd * w
        a = state["a"] = state.get("a", np.full(WEIGHTS, accumulator)) + g * g
        return w - lr * g / (np.sqrt(a + eps) if inside else np.sqrt(a) + eps)
    return stepper(update)


def adadelta_variant(rho, eps, decay=0.0):
    def update(w, g, lr, n, state):
        w = w - w * decay * lr
        squares = state["g"] = rho * memory(state, "g") + (1 - rho) * g * g
        delta = np.sqrt(memory(state, "d") + eps) / np.sqrt(squares + eps) * g
        state["d"] = rho * memory(state, "d") + (1 - rho) * delta * delta
        return w - lr * delta
    return stepper(update)


def adam_hat(eps, decay=0.0, wd=0.0):
    """Keras and MXNet: the corrections join the rate."""
    def update(w, g, lr, n, state):
        w = w - w * decay * lr
        g = g + wd * w
        m = state["m"] = 0.9 * memory(state, "m") + 0.1 * g
        v = state["v"] = 0.999 * memory(state, "v") + 0.001 * g * g
        return w - lr * math.sqrt(1 - 0.999 ** n) / (1 - 0.9 ** n) * m / (np.sqrt(v) + eps)
    return stepper(update)


def adam_outside(beta2=0.999, eps=1e-8, form="none", wd=0.0, lr0=1.0):
    """The paper, PyTorch, Optax, fastai; the decays of AdamW."""
    def update(w, g, lr, n, state):
        pull = {"none": 0.0, "decoupled": lr * wd, "decoupled_unscaled": lr / lr0 * wd, "corrected": lr * lr / lr0 * wd, "proximal": 0.0}[form]
        m = state["m"] = 0.9 * memory(state, "m") + 0.1 * g
        v = state["v"] = beta2 * memory(state, "v") + (1 - beta2) * g * g
        w = w - pull * w - lr * (m / (1 - 0.9 ** n)) / (np.sqrt(v / (1 - beta2 ** n)) + eps)
        return w / (1 + lr * wd) if form == "proximal" else w
    return stepper(update)


def formula_cases():
    yield "sgd", "keras2", 0.01, {}, keras_sgd()
    yield "sgd", "keras2", 0.01, {"momentum": 0.9}, keras_sgd(0.9)
    yield "sgd", "keras2", 0.01, {"momentum": 0.9, "nesterov": "true"}, keras_sgd(0.9, True)
    yield "sgd", "keras3", 0.01, {"momentum": 0.9, "weight_decay": 0.03}, keras_sgd(0.9, decay=0.03)
    yield "sgd", "keras3", 0.01, {"momentum": 0.9, "nesterov": "true", "weight_decay": 0.03}, keras_sgd(0.9, True, 0.03)
    yield "sgd", "mxnet", 0.1, {"momentum": 0.5, "weight_decay": 0.03}, mxnet_sgd(0.5, 0.03)
    yield "sgd", "fastai", 0.001, {"momentum": 0.9, "weight_decay": 0.03}, fastai_sgd(0.9, 0.03)
    yield "sgd", "optax", 0.01, {"momentum": 0.9}, fastai_sgd(0.9)
    yield "sgd", "", 0.01, {"momentum": 0.9, "momentum_form": "velocity_corrected"}, goyal_sgd(0.9)
    yield "sgd", "", 0.01, {"momentum": 0.9, "momentum_form": "velocity_corrected", "nesterov": "true"}, goyal_sgd(0.9, True)
    yield "sgd", "", 0.01, {"momentum": 0.9, "momentum_form": "ema"}, ema_sgd(0.9)
    yield "sgd", "", 0.01, {"momentum": 0.9, "momentum_form": "ema", "nesterov": "true"}, ema_sgd(0.9, True)
    for form in ("decoupled", "decoupled_unscaled", "proximal", "corrected"):
        yield "sgd", "", 0.05, {"weight_decay": 0.02, "weight_decay_form": form}, sgd_decayed(form, 0.02, 0.05)
        yield "sgd", "", 0.05, {"weight_decay": 0.02, "weight_decay_form": form, "momentum": 0.5}, sgd_decayed(form, 0.02, 0.05, 0.5)
        yield "adam", "", 0.01, {"weight_decay": 0.02, "weight_decay_form": form}, adam_outside(form=form, wd=0.02, lr0=0.01)
    yield "rmsprop", "keras2", 0.001, {}, rmsprop_outside(0.9, 1e-7)
    yield "rmsprop", "keras3", 0.001, {"weight_decay": 0.03}, rmsprop_inside(0.9, 1e-7, decay=0.03)
    yield "rmsprop", "keras3", 0.001, {"momentum": 0.9}, rmsprop_inside(0.9, 1e-7, 0.9)
    yield "rmsprop", "keras3", 0.001, {"momentum": 0.9, "centered": "true"}, rmsprop_inside(0.9, 1e-7, 0.9, True)
    yield "rmsprop", "keras3", 0.001, {"centered": "true"}, rmsprop_inside(0.9, 1e-7, 0, True)
    yield "rmsprop", "optax", 0.01, {"momentum": 0.9}, rmsprop_inside(0.9, 1e-8, 0.9)
    yield "rmsprop", "mxnet", 0.001, {"weight_decay": 0.03}, rmsprop_outside(0.9, 1e-8, 0.03)
    yield "rmsprop", "mxnet", 0.001, {"centered": "true", "momentum": 0.9, "eps_place": "inside"}, rmsprop_inside(0.9, 1e-8, 0.9, True)
    yield "adagrad", "keras2", 0.01, {}, adagrad_variant(0, 1e-7, False)
    yield "adagrad", "keras3", 0.001, {"weight_decay": 0.03}, adagrad_variant(0.1, 1e-7, True, decay=0.03)
    yield "adagrad", "optax", 0.1, {}, adagrad_variant(0.1, 1e-7, True)
    yield "adagrad", "mxnet", 0.01, {"weight_decay": 0.03}, adagrad_variant(0, 1e-6, False, wd=0.03)
    yield "adadelta", "keras2", 1.0, {}, adadelta_variant(0.95, 1e-7)
    yield "adadelta", "keras3", 0.001, {"weight_decay": 0.03}, adadelta_variant(0.95, 1e-7, 0.03)
    yield "adadelta", "optax", 1.0, {}, adadelta_variant(0.9, 1e-6)
    yield "adadelta", "mxnet", 1.0, {}, adadelta_variant(0.9, 1e-6)
    yield "adadelta", "paper", 1.0, {}, adadelta_variant(0.95, 1e-6)
    yield "adam", "keras2", 0.001, {}, adam_hat(1e-7)
    yield "adam", "keras3", 0.001, {"weight_decay": 0.03}, adam_hat(1e-7, decay=0.03)
    yield "adam", "optax", 0.001, {}, adam_outside()
    yield "adam", "mxnet", 0.001, {"weight_decay": 0.03}, adam_hat(1e-8, wd=0.03)
    yield "adam", "paper", 0.001, {}, adam_outside()
    yield "adam", "fastai", 0.001, {}, adam_outside(0.99, 1e-5, "decoupled", 0.01)
    yield "adamw", "keras3", 0.001, {}, adam_hat(1e-7, decay=0.004)
    yield "adamw", "optax", 0.001, {}, adam_outside(form="decoupled", wd=1e-4)
    yield "adamw", "mxnet", 0.001, {}, adam_hat(1e-6)
    yield "adamw", "paper", 0.001, {}, adam_outside(form="decoupled_unscaled", wd=1e-5, lr0=0.001)


PRESET_LR = {("sgd", "keras2"): 0.01, ("sgd", "keras3"): 0.01, ("sgd", "mxnet"): 0.1, ("sgd", "fastai"): 0.001,
             ("rmsprop", "keras2"): 0.001, ("rmsprop", "keras3"): 0.001, ("rmsprop", "mxnet"): 0.001,
             ("adagrad", "keras2"): 0.01, ("adagrad", "keras3"): 0.001, ("adagrad", "mxnet"): 0.01,
             ("adadelta", "keras2"): 1.0, ("adadelta", "keras3"): 0.001, ("adadelta", "mxnet"): 1.0, ("adadelta", "paper"): 1.0,
             ("adam", "keras2"): 0.001, ("adam", "keras3"): 0.001, ("adam", "mxnet"): 0.001, ("adam", "paper"): 0.001, ("adam", "fastai"): 0.001,
             ("adamw", "keras3"): 0.001, ("adamw", "mxnet"): 0.001, ("adamw", "paper"): 0.001}


def settings(parameters):
    return ";".join(f"{k}={v if isinstance(v, str) else number(v)}" for k, v in parameters.items())


def write_optimizers():
    for name, gradients in GRADIENTS.items():
        with open(TABLES / f"gradients_{name}.csv", "w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([[number(g) for g in row] for row in gradients])
    with open(TABLES / "optimizers.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["case", "source", "optimizer", "preset", "lr", "parameters", "gradients", "rates", "update"] + [f"w{i}" for i in range(WEIGHTS)])
        case = 0
        cases = [("torch", name, "pytorch", lr, parameters, lambda lr, g, f, make=make: run_torch(make, lr, g, f))
                 for name, lr, parameters, make in torch_cases()]
        cases += [("formula", *rest) for rest in formula_cases()]
        for source, name, preset, lr, parameters, run in cases:
            given = "" if PRESET_LR.get((name, preset)) == lr else number(lr)  # empty: the preset's own rate is meant
            for gradients in GRADIENTS:
                for rates in RATES:
                    history = run(lr, GRADIENTS[gradients], RATES[rates])
                    for update in (0, *SHOWN):
                        out.writerow([case, source, name, preset, given, settings(parameters), gradients, rates, update,
                                      *(f"{w:.10g}" for w in history[update])])
                    case += 1
    with open(TABLES / "rates.csv", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([name, *map(number, factors)] for name, factors in RATES.items())


# ---- schedules ----------------------------------------------------------------------------------------------------------------------

def run_torch_schedule(make, lr, ticks):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr)
    scheduler = make(optimizer)
    rates = []
    for _ in range(ticks):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


def by_tick(formula):
    return lambda lr, ticks: [formula(lr, x) for x in range(ticks)]


def mxnet_factor(step, factor, stop):
    """The machine of FactorScheduler, driven as the trainer does: with 1 at the first update."""
    def run(lr, ticks):
        rates, count, rate = [], 0, lr
        for update in range(1, ticks + 1):
            while update > count + step:
                count += step
                rate = max(rate * factor, stop)
            rates.append(rate)
        return rates
    return run


def keras_polynomial(steps, end, power, cycle):
    def at(lr, x):
        horizon = steps * (1 if x == 0 else math.ceil(x / steps)) if cycle else steps
        x = x if cycle else min(x, steps)
        return (lr - end) * (1 - x / horizon) ** power + end
    return by_tick(at)


def keras_piecewise(boundaries, values):
    def at(lr, x):
        for boundary, value in zip(boundaries, values):
            if x <= boundary:
                return value
        return values[-1]
    return by_tick(at)


def optax_piecewise(boundaries, scales):
    def at(lr, x):
        for boundary, scale in zip(boundaries, scales):
            if x >= boundary:
                lr *= scale
        return lr
    return by_tick(at)


def optax_exponential(rate, every, staircase=False, begin=0, end=None):
    def at(lr, x):
        if x <= begin:
            return lr
        power = (x - begin) / every
        value = lr * rate ** (math.floor(power) if staircase else power)
        if end is None:
            return value
        return max(value, end) if rate < 1 else min(value, end)
    return by_tick(at)


def optax_polynomial(steps, end, power, begin=0):
    return by_tick(lambda lr, x: (lr - end) * (1 - min(max(x - begin, 0), steps) / steps) ** power + end)


def closed_line(length, end):
    """From the base at tick 0 to the end at tick length - 1: tutorial 000's warm-up per epoch."""
    return by_tick(lambda lr, x: lr + (end - lr) / (length - 1) * min(x, length - 1))


def cosine_formula(length, end, offset=0, last=0, power=1, k=1):
    return by_tick(lambda lr, x: end + (lr - end) * (0.5 * (1 + math.cos(math.pi * min(1, (x + offset) / (length - last)) ** k))) ** power)


def schedule_cases():
    """name, preset, lr, time, parameters, run; `time` are unit, ends and after where they are not the preset's or the core's."""
    s = torch.optim.lr_scheduler
    torched = lambda make: lambda lr, ticks: run_torch_schedule(make, lr, ticks)
    yield "constant", "", 0.3, {}, {}, by_tick(lambda lr, x: lr)
    for size, gamma in ((1, 0.5), (7, 0.1), (10, 0.5), (60, 0.1)):
        yield "step", "pytorch", 0.3, {}, {"size": size, "gamma": gamma}, torched(lambda o, size=size, gamma=gamma: s.StepLR(o, size, gamma))
    yield "step", "", 2.0, {}, {"size": 1, "gamma": 0.9, "floor": 0.01}, by_tick(lambda lr, x: max(0.01, lr * 0.9 ** x))
    yield "step", "mxnet", 0.1, {}, {"size": 5, "gamma": 0.1}, mxnet_factor(5, 0.1, 1e-8)
    for milestones in ([3], [15, 30], [1, 2, 58, 59]):
        yield "multi_step", "", 0.5, {}, {"milestones": joined(milestones), "gamma": 0.5}, torched(
            lambda o, milestones=milestones: s.MultiStepLR(o, milestones, 0.5))
    yield "multi_step", "", 0.5, {}, {"milestones": "10 20 40", "gamma": "0.5 0.1 2"}, optax_piecewise([10, 20, 40], [0.5, 0.1, 2])
    yield "multi_step", "", 0.5, {}, {"milestones": "0 6"}, optax_piecewise([0, 6], [0.1, 0.1])
    yield "piecewise_constant", "keras", 0.1, {}, {"boundaries": "3 10 30", "values": "0.1 0.05 0 0.2"}, keras_piecewise([3, 10, 30], [0.1, 0.05, 0, 0.2])
    yield "piecewise_constant", "optax", 0.1, {}, {"boundaries": "3 10 30", "scales": "0.5 0.1 3"}, optax_piecewise([3, 10, 30], [0.5, 0.1, 3])
    yield "piecewise_constant", "", 0.1, {}, {"boundaries": "3 10", "values_ratio": "1 0.5 0.1"}, optax_piecewise([3, 10], [0.5, 0.2])
    for gamma in (0.9, 0.99, 1.02):
        yield "exponential", "", 0.1, {}, {"rate": gamma}, torched(lambda o, gamma=gamma: s.ExponentialLR(o, gamma))
    yield "exponential", "", 0.1, {}, {"rate": 0.5, "every": 7}, optax_exponential(0.5, 7)
    yield "exponential", "", 0.1, {}, {"rate": 0.5, "every": 7, "staircase": "true"}, optax_exponential(0.5, 7, True)
    yield "exponential", "", 0.1, {}, {"rate": 0.5, "every": 7, "staircase": "true", "begin": 5}, optax_exponential(0.5, 7, True, 5)
    yield "exponential", "", 0.1, {}, {"rate": 0.5, "every": 7, "begin": 5, "floor": 0.02}, optax_exponential(0.5, 7, False, 5, 0.02)
    yield "exponential", "", 0.1, {}, {"rate": 1.5, "every": 7, "ceiling": 0.4}, optax_exponential(1.5, 7, False, 0, 0.4)
    yield "natural_exp", "", 0.01, {}, {"k": 0.1}, by_tick(lambda lr, x: lr * math.exp(-0.1 * x))
    for k in (0, 1e-4, 0.1, 3):
        yield "inverse_time", "keras2", 0.01, {}, {"k": k}, by_tick(lambda lr, x, k=k: lr * (1 / (1 + k * x)))
    yield "inverse_time", "", 0.01, {}, {"k": 0.5, "every": 7}, by_tick(lambda lr, x: lr / (1 + 0.5 * x / 7))
    yield "inverse_time", "", 0.01, {}, {"k": 0.5, "every": 7, "staircase": "true"}, by_tick(lambda lr, x: lr / (1 + 0.5 * (x // 7)))
    yield "power_decay", "", 0.1, {}, {}, by_tick(lambda lr, x: lr * (x + 1) ** -0.5)
    yield "power_decay", "", 0.1, {}, {"p": 0.75, "k": 0.01, "shift": 2}, by_tick(lambda lr, x: lr * (2 + 0.01 * x) ** -0.75)
    yield "linear", "", 0.005, {}, {"length": 5, "end": 0.01}, closed_line(5, 0.01)
    yield "linear", "", 0.2, {}, {}, closed_line(60, 0)
    yield "linear", "paper", 0.2, {}, {}, by_tick(lambda lr, x: lr * (60 - x) / 60)
    for length, end in ((20, 0.1), (60, 0.5), (5, 0)):
        yield "linear", "optax", 0.3, {}, {"length": length, "end_ratio": end}, torched(
            lambda o, length=length, end=end: s.LinearLR(o, 1, end, length))
    yield "linear", "optax", 0.3, {}, {"length": 30, "begin": 10, "end": 0.01}, optax_polynomial(20, 0.01, 1, 10)
    for power in (0.5, 1, 2, 3):
        yield "polynomial", "pytorch", 0.3, {}, {"length": 20, "power": power}, torched(lambda o, power=power: s.PolynomialLR(o, 20, power))
        yield "polynomial", "", 0.3, {"ends": "half_open"}, {"length": 20, "power": power, "end": 0.01}, keras_polynomial(20, 0.01, power, False)
    yield "polynomial", "pytorch", 0.3, {}, {}, torched(lambda o: s.PolynomialLR(o))
    yield "polynomial", "keras", 0.01, {}, {"length": 10, "cycle": "true"}, keras_polynomial(10, 1e-4, 1, True)
    yield "polynomial", "keras", 0.01, {}, {"length": 7, "power": 2, "cycle": "true"}, keras_polynomial(7, 1e-4, 2, True)
    yield "polynomial", "optax", 0.3, {}, {"length": 30, "begin": 10, "power": 2, "end": 0.01}, optax_polynomial(20, 0.01, 2, 10)
    yield "polynomial", "mxnet", 0.3, {}, {"length": 20}, by_tick(lambda lr, x: lr * (1 - min(x + 1, 20) / 20) ** 2)
    for length, end in ((4, 0), (20, 0.01), (59, 0)):
        yield "cosine", "pytorch", 0.3, {}, {"length": length, "end": end}, torched(
            lambda o, length=length, end=end: s.CosineAnnealingLR(o, length, end))
    yield "cosine", "keras", 0.3, {}, {"length": 20, "end_ratio": 0.1}, cosine_formula(20, 0.03)
    yield "cosine", "optax", 0.3, {}, {"length": 20, "end": 0.03, "power": 2.5}, cosine_formula(20, 0.03, power=2.5)
    yield "cosine", "mxnet", 0.3, {}, {"length": 20, "end": 0.01}, cosine_formula(20, 0.01, offset=1)
    yield "cosine", "", 0.3, {}, {"end": 0.01}, cosine_formula(60, 0.01, last=1)
    yield "cosine", "", 0.3, {"ends": "half_open"}, {"length": 30, "k_decay": 1.5}, cosine_formula(30, 0, k=1.5)


def write_schedules():
    with open(TABLES / "schedules.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["case", "schedule", "preset", "lr", "time", "parameters", "updates", "per_epoch", "rates"])
        case = 0
        for name, preset, lr, time, parameters, run in schedule_cases():
            out.writerow([case, name, preset, number(lr), settings(time), settings(parameters), 60, 6, joined(run(lr, 60))])
            case += 1
            # The same per epoch: every update of an epoch has the epoch's rate. A length that is the whole run has other ticks then.
            whole_run = name in ("linear", "polynomial", "cosine") and "length" not in parameters and preset != "pytorch"
            if whole_run or (name, preset) == ("inverse_time", "keras2"):
                continue
            per_epoch = [rate for rate in run(lr, 60) for _ in range(3)]
            out.writerow([case, name, preset, number(lr), settings({"unit": "epoch", **time}), settings(parameters), 180, 3, joined(per_epoch)])
            case += 1


# ---- plateau ------------------------------------------------------------------------------------------------------------------------

def metric_sequences():
    rng = np.random.RandomState(7)
    yield "falling", np.round(2 * 0.93 ** np.arange(40) * (1 + 0.05 * rng.normal(0, 1, 40)), 6)
    yield "flat", np.full(12, 0.5)
    yield "noise", np.round(rng.uniform(0.2, 1, 40), 3)
    yield "margin", np.round(1 - np.cumsum(rng.choice([0, 3e-5, 2e-4], 40)), 7)  # improvements below and above the margins of 1e-4
    broken = np.round(rng.uniform(0.2, 1, 30), 3)
    broken[[0, 7, 8, 9, 20]] = math.nan
    yield "nan", broken


def torch_plateau(metrics, mode, **options):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, mode=mode, **options)
    rates = []
    for metric in metrics:
        scheduler.step(metric)
        rates.append(optimizer.param_groups[0]["lr"])
    return rates


def keras_plateau(metrics, mode, factor=0.1, patience=10, min_delta=1e-4, cooldown=0, min_lr=0.0):
    better = (lambda a, b: a < b - min_delta) if mode == "min" else (lambda a, b: a > b + min_delta)
    best = math.inf if mode == "min" else -math.inf
    lr, wait, resting, rates = 1.0, 0, 0, []
    for current in metrics:
        if resting > 0:
            resting -= 1
            wait = 0
        if better(current, best):
            best = current
            wait = 0
        elif not resting > 0:
            wait += 1
            if wait >= patience and lr > min_lr:
                lr = max(lr * factor, min_lr)
                resting = cooldown
                wait = 0
        rates.append(lr)
    return rates


def optax_plateau(metrics, factor=0.1, patience=10, rtol=1e-4, cooldown=0, min_scale=0.0):
    best, count, resting, scale, scales = math.inf, 0, 0, 1.0, []
    for value in metrics:
        improved = value < (1 - rtol) * best
        best = value if improved else best
        current = 0 if improved else count + 1
        if resting > 0:
            count, resting = 0, resting - 1
        else:
            fires = current == patience
            count = 0 if fires else current
            scale = max(scale * factor if fires else scale, min_scale)
            resting = cooldown if fires else 0
        scales.append(scale)
    return scales


def fastai_plateau(metrics, patience=1, divisor=10.0, min_lr=0.0):
    best, wait, lr, rates = math.inf, 0, 1.0, []
    for value in metrics:
        if value < best:
            best, wait = value, 0
        else:
            wait += 1
            if wait >= patience:
                lr, wait = max(lr / divisor, min_lr), 0
        rates.append(lr)
    return rates


def plateau_cases():
    for name, metrics in metric_sequences():
        for patience in range(4):
            for cooldown in range(3):
                both = {"patience": patience, "cooldown": cooldown}
                for mode in ("min", "max"):
                    yield "pytorch", {"factor": 0.5, **both}, mode, metrics, torch_plateau(metrics, mode, factor=0.5, **both)
                    yield "keras", {"factor": 0.5, **both}, mode, metrics, keras_plateau(metrics, mode, 0.5, **both)
                yield "pytorch", {"margin_abs": 0.05, "margin_rel": 0, "floor": 0.03, **both}, "min", metrics, torch_plateau(
                    metrics, "min", threshold=0.05, threshold_mode="abs", min_lr=0.03, **both)
                yield "keras", {"margin_abs": 1e-7, "floor": 0.03, **both}, "min", metrics, keras_plateau(metrics, "min", min_delta=1e-7, min_lr=0.03, **both)
                if patience > 0:  # at 0 Optax fires when the metric improves
                    yield "optax", {"floor_ratio": 0.02, **both}, "min", metrics, optax_plateau(metrics, min_scale=0.02, **both)
            yield "fastai", {"patience": patience, "floor": 0.002}, "min", metrics, fastai_plateau(metrics, patience, min_lr=0.002)
        yield "fastai", {}, "min", metrics, fastai_plateau(metrics)
        yield "keras", {}, "min", metrics, keras_plateau(metrics, "min")
        yield "pytorch", {}, "min", metrics, torch_plateau(metrics, "min")


def write_plateau():
    with open(TABLES / "plateau.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["case", "preset", "parameters", "mode", "metrics", "rates"])
        for case, (preset, parameters, mode, metrics, rates) in enumerate(plateau_cases()):
            out.writerow([case, preset, settings(parameters), mode, joined(metrics), joined(rates)])


if __name__ == "__main__":
    TABLES.mkdir(exist_ok=True)
    write_optimizers()
    write_schedules()
    write_plateau()
