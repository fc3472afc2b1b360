#!/usr/bin/env python3
"""Writes the tables that the optimizers of the catalogue are compared with: tables/catalogue_optimizers*.csv.

    /usr/bin/python3 make_catalogue_optimizers.py        (Debian: python3-torch, python3-numpy; the tests themselves need neither)

What PyTorch 1.13 has right is run by PyTorch, in float64 (its NAdam multiplies the momentum into the product twice: not used). The rest
is computed here in float64 from the published formulas, whole tensors at a time, powers of betas in place of running products.

catalogue_optimizers_gradients_{vector,net,wide}_{random,hard}.csv   100 updates (wide: 10) x weights; values that float32 holds exactly
catalogue_optimizers_starts.csv    layout, weights before the first update
catalogue_optimizers.csv           case, optimizer, preset, lr, parameters, layout, gradients, rates, update, what, w0...
"what" is `weights`, or `point`: the weights to evaluate at. Layouts, rates and losses are repeated in catalogue_optimizers.cpp.
"""
import csv
import warnings

import numpy as np
import torch

from catalogue_elementwise import *
from catalogue_norms import *
from catalogue_recording import *

warnings.filterwarnings("ignore")


# ---- the cases ----------------------------------------------------------------------------------------------------------------------
# name, preset, lr, settings, method, layouts, rates: the first of the rates goes with random gradients, the last with hard ones

def decayed(make, also=None, wd=0.05, **rest):
    """One case for each form of weight decay; `also` are settings besides, `rest` what they are to the method."""
    return [({"weight_decay": wd, "weight_decay_form": form, **(also or {})}, make(decay=Decay(wd, form), **rest)) for form in FORMS]


def cases():
    def all_of(name, lr, presets, options, layouts=("vector",), rates=("varying", "constant")):
        for preset, rate, method in presets:
            yield name, preset, rate, {}, method, layouts, rates
        for settings, method in options:
            yield name, "", settings.pop("lr", lr), settings, method, layouts, rates

    o = torch.optim
    yield from all_of("amsgrad", 1e-3,
        [("", 1e-3, amsgrad()), ("pytorch", 1e-3, of_torch(lambda p, lr: o.Adam(p, lr, amsgrad=True))),
         ("keras2", 1e-3, amsgrad(eps=1e-7, hat=True)), ("keras3", 1e-3, amsgrad(eps=1e-7, hat=True)), ("optax", 0.01, amsgrad(form="before")),
         ("paper", 1e-3, amsgrad(form="none"))],
        decayed(amsgrad) + [({"beta1": 0.5, "beta2": 0.9, "eps": 1e-3, "weight_decay": 0.1},
                             of_torch(lambda p, lr: o.Adam(p, lr, betas=(0.5, 0.9), eps=1e-3, weight_decay=0.1, amsgrad=True))),
                            ({"eps_place": "hat", "correction": "before", "eps": 1e-4, "lr": 0.02}, amsgrad(eps=1e-4, form="before", hat=True)),
                            ({"correction": "none", "beta2": 0.9, "lr": 0.02}, amsgrad(b2=0.9, form="none"))])
    yield from all_of("nadam", 2e-3,
        [("", 2e-3, nadam()), ("pytorch", 2e-3, nadam()), ("keras2", 2e-3, nadam(eps=1e-7)), ("keras3", 1e-3, nadam(eps=1e-7, psi=1)),
         ("optax", 0.01, nadam(form="constant")), ("mxnet", 1e-3, nadam())],
        decayed(nadam) + [({"beta1": 0.5, "beta2": 0.9, "momentum_decay": 0.3, "eps": 1e-3, "lr": 0.02}, nadam(b1=0.5, b2=0.9, psi=0.3, eps=1e-3)),
                          ({"form": "alike", "lr": 0.02}, nadam(form="alike"))])
    yield from all_of("nadamw", 1e-3,
        [("", 1e-3, nadam(form="constant", decay=Decay(0.01, "decoupled"))), ("pytorch", 2e-3, nadam(decay=Decay(0, "decoupled"))),
         ("optax", 0.01, nadam(form="constant", decay=Decay(1e-4, "decoupled"))),
         ("timm", 1e-3, nadam(form="alike", decay=Decay(0.01, "decoupled")))],
        decayed(nadam, form="constant"))
    yield from all_of("radam", 1e-3,
        [("", 1e-3, radam()), ("pytorch", 1e-3, of_torch(lambda p, lr: o.RAdam(p, lr))), ("optax", 0.01, radam(hat=False)),
         ("fastai", 1e-3, radam(b2=0.99, eps=1e-5, hat=False)), ("paper", 1e-3, radam(threshold=4))],
        decayed(radam) + [({"beta1": 0.5, "beta2": 0.95, "eps": 1e-3, "weight_decay": 0.1, "lr": 0.01},
                           of_torch(lambda p, lr: o.RAdam(p, lr, betas=(0.5, 0.95), eps=1e-3, weight_decay=0.1))),
                          ({"beta2": 0.5, "lr": 0.01}, radam(b2=0.5)), ({"threshold": 12, "lr": 0.01}, radam(threshold=12))])
    yield from all_of("adamax", 2e-3,
        [("", 2e-3, adamax()), ("pytorch", 2e-3, of_torch(lambda p, lr: o.Adamax(p, lr))), ("keras2", 2e-3, adamax(eps=1e-7, inside=False)),
         ("keras3", 1e-3, adamax(eps=1e-7, inside=False)), ("optax", 0.01, adamax()), ("mxnet", 2e-3, adamax(inside=False)),
         ("paper", 2e-3, adamax(eps=0, inside=False))],
        decayed(adamax) + [({"beta1": 0.5, "beta2": 0.9, "eps": 1e-3, "weight_decay": 0.1, "lr": 0.02},
                            of_torch(lambda p, lr: o.Adamax(p, lr, betas=(0.5, 0.9), eps=1e-3, weight_decay=0.1)))])
    yield from all_of("lion", 1e-4,
        [("", 1e-4, lion()), ("keras3", 1e-3, lion()), ("optax", 0.01, lion(decay=Decay(1e-3, "decoupled"))), ("timm", 1e-4, lion()),
         ("paper", 1e-4, lion())],
        decayed(lion) + [({"beta1": 0.5, "beta2": 0.8, "lr": 0.01}, lion(0.5, 0.8))])
    yield from all_of("adabelief", 1e-3,
        [("", 1e-3, adabelief()), ("optax", 0.01, adabelief()), ("mxnet", 1e-3, adabelief(eps=1e-6)), ("timm", 1e-3, adabelief(rectify=True)),
         ("paper", 1e-3, adabelief())],
        decayed(adabelief) + [({"beta1": 0.5, "beta2": 0.9, "eps": 1e-3, "rectify": "true", "lr": 0.02}, adabelief(0.5, 0.9, 1e-3, True))])
    yield from all_of("adan", 1e-3,
        [("", 1e-3, adan()), ("optax", 0.01, adan()), ("timm", 1e-3, adan()), ("paper", 1e-3, adan(decay=Decay(0.02, "proximal")))],
        decayed(adan) + [({"beta1": 0.9, "beta2": 0.5, "beta3": 0.95, "eps": 1e-3, "lr": 0.02}, adan(0.9, 0.5, 0.95, 1e-3))])
    yield from all_of("yogi", 0.01,
        [("", 0.01, yogi()), ("optax", 0.01, yogi(m0=1e-6, correct=True)), ("paper", 0.01, yogi())],
        decayed(yogi) + [({"beta1": 0.5, "beta2": 0.9, "eps": 1e-2, "accumulator": 0.1, "mean": 0.2, "bias_correction": "true"},
                          yogi(0.5, 0.9, 1e-2, 0.1, 0.2, True))])
    yield from all_of("laprop", 4e-4,
        [("", 4e-4, laprop()), ("timm", 4e-4, laprop(inside=True)), ("paper", 4e-4, laprop())],
        decayed(laprop) + [({"beta1": 0.5, "beta2": 0.9, "eps": 1e-3, "momentum_form": "velocity", "lr": 0.02}, laprop(0.5, 0.9, 1e-3, True))])
    yield from all_of("ademamix", 1e-3,
        [("", 1e-3, ademamix()), ("optax", 0.01, ademamix()), ("timm", 1e-3, ademamix(decay=Decay(0.01, "decoupled"))),
         ("paper", 1e-3, ademamix(ramp=100))],
        decayed(ademamix) + [({"beta1": 0.5, "beta2": 0.9, "beta3": 0.99, "alpha": 2, "eps": 1e-3, "ramp": "30updates", "lr": 0.02},
                              ademamix(0.5, 0.9, 0.99, 2, 1e-3, 30))])
    yield from all_of("adopt", 1e-3,
        [("", 1e-3, adopt()), ("optax", 0.01, adopt()), ("timm", 1e-3, adopt(exponent=0.333)), ("paper", 1e-3, adopt())],
        decayed(adopt) + [({"clipped": "false", "eps": 0.01, "beta1": 0.5, "beta2": 0.9}, adopt(0.5, 0.9, 0.01, None)),
                          ({"clip_exponent": 0, "lr": 0.02}, adopt(exponent=0.0))])
    yield from all_of("qhadam", 1e-3,
        [("", 1e-3, qhadam()), ("paper", 1e-3, qhadam())],
        decayed(qhadam) + [({"beta1": 0.9, "beta2": 0.9, "nu1": 0.3, "nu2": 0.6, "eps": 1e-3, "lr": 0.02}, qhadam(0.9, 0.9, 0.3, 0.6, 1e-3)),
                           ({"nu1": 0, "nu2": 0.5, "lr": 0.02}, qhadam(nu1=0, nu2=0.5))])
    yield from all_of("sophia_g", 1e-4,
        [("", 1e-4, sophia()), ("paper", 1e-4, sophia())],
        decayed(sophia) + [({"beta1": 0.5, "beta2": 0.9, "rho": 1, "every": 3, "weight_decay": 0, "lr": 0.02}, sophia(0.5, 0.9, 1.0, 3, Decay()))])
    yield from all_of("asgd", 0.01,
        [("", 0.01, asgd())],
        decayed(asgd) + [({"lambda": 0.01, "alpha": 0.5, "t0": 5}, asgd(0.01, 0.5, 5)), ({"t0": 0}, asgd(t0=0))])
    yield from all_of("asgd", 0.01, [("pytorch", 0.01, of_torch(lambda p, lr: o.ASGD(p, lr)))],
        [({"lambda": 0.01, "alpha": 0.5, "weight_decay": 0.1}, of_torch(lambda p, lr: o.ASGD(p, lr, lambd=0.01, alpha=0.5, weight_decay=0.1)))],
        rates=("constant",))
    yield from all_of("rprop", 0.01,
        [("", 0.01, rprop()), ("optax", 0.02, rprop()), ("paper", 0.1, rprop())],
        [({"eta_minus": 0.3, "eta_plus": 1.5, "step_min": 1e-3, "step_max": 0.05}, rprop(0.3, 1.5, 1e-3, 0.05))])
    yield from all_of("rprop", 0.01, [("pytorch", 0.01, of_torch(lambda p, lr: o.Rprop(p, lr)))], [], rates=("constant",))
    yield from all_of("signum", 1e-4, [("", 1e-4, signum()), ("mxnet", 0.01, signum()), ("paper", 1e-4, signum())],
        decayed(signum) + [({"momentum": 0, "lr": 0.01}, signum(0.0))])
    yield from all_of("signsgd", 1e-4, [("", 1e-4, signum(0.0)), ("optax", 0.01, signum(0.0)), ("mxnet", 0.01, signum(0.0)),
    ("paper", 1e-4, signum(0.0))],
        decayed(signum, momentum=0.0))
    yield from all_of("madgrad", 0.01, [("", 0.01, madgrad()), ("optax", 0.02, madgrad()), ("timm", 0.01, madgrad()), ("paper", 0.01, madgrad())],
        [({"momentum": 0, "eps": 1e-3}, madgrad(0.0, 1e-3)), ({"weight_decay": 0.05}, madgrad(wd=0.05))])
    yield from all_of("ftrl", 0.1,
        [("", 0.1, ftrl()), ("keras2", 1e-3, ftrl(0.1, 0.0, zero=True)), ("keras3", 1e-3, ftrl(0.1, 0.0, zero=True)),
         ("mxnet", 0.1, ftrl(l1=0.01, zero=True)),
         ("paper", 0.1, ftrl())],
        [({"l1": 0.3, "l2": 0.2}, ftrl(l1=0.3, l2=0.2)), ({"accumulator": 0.5, "beta": 0.2, "lr": 0.02}, ftrl(0.5, 0.2)),
         ({"start": "zero", "l2": 0.5}, ftrl(l2=0.5, zero=True))])
    yield from all_of("sgld", 1e-6, [],
        [({"temperature": 0, "lr": 1e-4}, sgld()), ({"temperature": 0, "prior": 3, "lr": 1e-4}, sgld(prior=3)),
         ({"temperature": 0, "gradient": "mean", "prior": 3, "lr": 0.01}, sgld(1, 3))])
    for name, b2, lr in (("schedule_free_sgd", None, 1.0), ("schedule_free_adamw", 0.999, 2.5e-3)):
        form = Decay(0.05, "l2" if b2 is None else "decoupled")
        more = {} if b2 is None else {"beta2": 0.9, "eps": 1e-3}
        yield from all_of(name, lr * (0.01 if b2 is None else 1),
            [("", lr, schedule_free(b2=b2)), ("optax", lr, schedule_free(b2=b2)), ("paper", lr, schedule_free(b2=b2))] +
            ([] if b2 is None else [("keras3", lr, schedule_free(b2=b2, power=0.0))]),
            decayed(schedule_free, wd=0.02, b2=b2) + [({"beta1": 0.5, "weight_power": 1.5, "rate_power": 1, "weight_decay": 0.05, **more},
                                              schedule_free(0.5, 1.5, 1.0, b2 and 0.9, 1e-3, form))])

    tensors = ("net",)
    inner = lambda make, wd=0.05: [({"weight_decay": wd, "weight_decay_form": form}, make(wd=wd, outside=form)) for form in FORMS] + [
        ({"weight_decay": wd, "weight_decay_form": "inner"}, make(wd=wd))]
    yield from all_of("lamb", 1e-3,
        [("", 1e-3, lamb()), ("keras3", 1e-3, lamb(eps=1e-7, wd=0)), ("optax", 0.01, lamb(wd=0)), ("mxnet", 1e-3, lamb(wd=0)),
         ("paper", 1e-3, lamb()),
         ("timm", 1e-3, lamb(always=False)), ("fastai", 1e-3, lamb(b2=0.99, eps=1e-5, wd=0, ratio_max=10))],
        inner(lamb) + [({"weight_decay": 0, "always_adapt": "false"}, lamb(wd=0, always=False)),
                       ({"ratio_max": 0.3, "beta1": 0.5, "beta2": 0.9, "eps": 1e-3}, lamb(0.5, 0.9, 1e-3, ratio_max=0.3)),
                       ({"norm_min": 2, "norm_max": 3}, lamb(low=2, high=3))], tensors)
    yield from all_of("lars", 0.1,
        [("", 0.1, lars()), ("paper", 0.5, lars()), ("optax", 0.5, lars(eps=0, decayed=True, wd=0)),
         ("mxnet", 0.1, lars(0.0, weights_only=True, wd=0)),
         ("timm", 1.0, lars(0.0, False, always=False, wd=0)), ("fastai", 1e-3, lars(velocity=False, trust=0.02, late=True, ratio_max=1, wd=0))],
        inner(lars) + [({"momentum_form": "buffer", "nesterov": "true"}, lars(velocity=False, nesterov=True)),
                       ({"nesterov": "true", "momentum": 0.5, "trust": 0.01}, lars(0.5, nesterov=True, trust=0.01)),
                       ({"denominator": "decayed", "weight_decay": 0.2, "eps": 0.1}, lars(decayed=True, wd=0.2, eps=0.1)),
                       ({"applied_to": "momentum", "ratio_max": 0.002}, lars(late=True, ratio_max=0.002)),
                       ({"weights_only": "true", "momentum_form": "buffer", "lr": 1e-3}, lars(velocity=False, weights_only=True))], tensors)
    yield from all_of("novograd", 0.01,
        [("", 0.01, novograd()), ("optax", 0.01, novograd(0.9, 0.25, 1e-6)), ("timm", 1e-3, novograd()), ("paper", 0.01, novograd())],
        inner(novograd) + [({"averaging": "true", "eps": 0.1, "beta1": 0.5}, novograd(0.5, eps=0.1, averaging=True))], tensors)
    yield from all_of("adamp", 1e-3,
        [("", 1e-3, adamp()), ("timm", 1e-3, adamp()), ("paper", 1e-3, adamp())],
        [({"weight_decay": 0.1, "delta": 1.5, "lr": 0.01}, adamp(wd=0.1, delta=1.5)),
         ({"weight_decay": 0.1, "delta": 0.6, "lr": 0.01}, adamp(wd=0.1, delta=0.6)),
         ({"weight_decay": 0.1, "delta": 3, "decay_ratio": 0.5, "nesterov": "true", "lr": 0.01}, adamp(wd=0.1, delta=3, wd_ratio=0.5, nesterov=True)),
         ({"delta": 0, "beta1": 0.5, "beta2": 0.9, "eps": 1e-3}, adamp(0.5, 0.9, 1e-3, 0.0))], tensors)
    yield from all_of("adafactor", 0.01,
        [("", 0.01, adafactor()), ("pytorch", 0.01, adafactor()), ("keras3", 1e-3, adafactor(eps=1e-30, inside=True)),
         ("optax", 0.01, adafactor(eps=1e-30, inside=True, relative=False, least=128)), ("paper", 0.01, adafactor(eps=1e-30, inside=True))],
        decayed(adafactor) + [({"factor_from": 6, "lr": 0.5}, adafactor(least=6)),
                              ({"beta2_decay": 0.5, "eps": 1e-3, "scale_floor": 0.9, "threshold": 0.5, "relative_step": "false", "lr": 0.05},
                               adafactor(0.5, 1e-3, False, 0.9, 0.5, False)),
                              ({"eps": 1e-3, "eps_place": "inside"}, adafactor(eps=1e-3, inside=True))], tensors)
    yield from all_of("sm3", 0.1, [("", 0.1, sm3()), ("optax", 0.1, sm3(eps=1e-8)), ("paper", 0.1, sm3())],
        decayed(sm3) + [({"momentum": 0, "eps": 0.01}, sm3(0.0, 0.01))], tensors)
    yield from all_of("muon", 1e-3,
        [("", 1e-3, muon()), ("pytorch", 1e-3, muon()), ("keras3", 1e-3, muon(rms=0.2, eps=1e-7, decay=Decay(0.004, "decoupled"))),
         ("paper", 0.02, muon(adam_ratio=0.015, b2=0.95, eps=1e-10, decay=Decay()))],
        decayed(muon) + [({"momentum": 0.5, "momentum_form": "buffer", "nesterov": "false", "weight_decay": 0}, muon(0.5, False, False,
        decay=Decay())),
                         ({"steps": 2, "scale": "match_rms", "rms": 0.1, "adam_ratio": 3, "beta1": 0.5, "beta2": 0.9, "eps": 1e-3},
                          muon(steps=2, rms=0.1, adam_ratio=3, b1=0.5, b2=0.9, eps=1e-3))], ("net", "wide"))
    yield from all_of("adagrad_norm", 1.0, [("", 1.0, adagrad_norm()), ("paper", 1.0, adagrad_norm())],
        decayed(adagrad_norm) + [({"b0": 2}, adagrad_norm(2.0))], tensors)
    yield from all_of("dog", 1.0, [("", 1.0, dog()), ("optax", 1.0, dog(average=False)), ("paper", 1.0, dog())],
        decayed(dog) + [({"form": "dowg", "first_distance": 1e-3}, dog(True, 1e-3)),
        ({"first_distance": 1e-2, "eps": 0.5, "gamma": 2}, dog(False, 1e-2, 0.5, 2.0)),
                        ({"average": "false", "first_distance": 1e-2}, dog(first=1e-2, average=False))], tensors)
    yield from all_of("prodigy", 1.0, [("", 1.0, prodigy()), ("optax", 1.0, prodigy(correct=True)), ("paper", 1.0, prodigy())],
        decayed(prodigy, {"d0": 1e-3, "growth_rate": 1.02}, d0=1e-3, growth=1.02) +
        [({"safeguard": "true", "d_coef": 0.5, "d0": 1e-4}, prodigy(safeguard=True, coef=0.5, d0=1e-4)),
                            ({"growth_rate": 1.1, "d0": 1e-3}, prodigy(growth=1.1, d0=1e-3)),
                            ({"beta1": 0.5, "beta2": 0.9, "beta3": 0.7, "eps": 1e-3, "d0": 1e-3}, prodigy(0.5, 0.9, 0.7, 1e-3, 1e-3))], tensors)
    yield from all_of("dadapt_sgd", 1.0, [("", 1.0, dadapt_sgd()), ("paper", 1.0, dadapt_sgd())],
        [({"momentum": 0.9, "d0": 1e-3}, dadapt_sgd(0.9, 1e-3)), ({"growth_rate": 1.1, "d0": 1e-2}, dadapt_sgd(0, 1e-2, 1.1)),
         ({"weight_decay": 0.05, "d0": 1e-3}, dadapt_sgd(0, 1e-3, wd=0.05))], tensors)
    yield from all_of("dadapt_adam", 1.0, [("", 1.0, dadapt_adam()), ("optax", 1.0, dadapt_adam(correct=True)), ("paper", 1.0, dadapt_adam())],
        decayed(dadapt_adam, {"d0": 1e-3, "growth_rate": 1.02}, d0=1e-3, growth=1.02) +
        [({"growth_rate": 1.1, "d0": 1e-3}, dadapt_adam(growth=1.1, d0=1e-3)),
                                ({"beta1": 0.5, "beta2": 0.9, "eps": 1e-3, "d0": 1e-3}, dadapt_adam(0.5, 0.9, 1e-3, 1e-3))], tensors)
    yield from all_of("mechanic", 1.0, [("", 1.0, mechanic()), ("optax", 1.0, mechanic()), ("paper", 1.0, mechanic())],
        [({"momentum": 0, "lambda": 0.5, "s_init": 1e-3, "eps": 1e-4}, mechanic(0.0, 0.5, 1e-3, 1e-4)),
         ({"lambda": 0, "lr": 0.01}, mechanic(lam=0.0))], tensors)
    yield from all_of("sgd_hd", 0.01, [("", 0.01, sgd_hd()), ("paper", 0.01, sgd_hd())],
        decayed(sgd_hd, beta=1e-6) + [({"beta": 1e-4, "momentum": 0.5, "rate_min": 0.005, "rate_max": 0.02}, sgd_hd(1e-4, False, 0.005, 0.02, 0.5)),
                           ({"form": "multiplicative", "beta": 0.02}, sgd_hd(0.02, True))], tensors)
    yield from all_of("adam_hd", 1e-3, [("", 1e-3, adam_hd()), ("paper", 1e-3, adam_hd(hat=True))],
        decayed(adam_hd) + [({"beta": 1e-4, "rate_min": 0.0005, "rate_max": 0.002}, adam_hd(1e-4, False, 0.0005, 0.002)),
                            ({"form": "multiplicative", "beta": 0.02, "beta1": 0.5, "beta2": 0.9, "eps": 1e-3}, adam_hd(0.02, True, b1=0.5,
                            b2=0.9, eps=1e-3)),
                            ({"eps_place": "hat", "beta": 1e-6, "eps": 1e-3}, adam_hd(1e-6, hat=True, eps=1e-3))], tensors)
    yield from all_of("polyak_sgd", 1.0, [("", 1.0, polyak()), ("optax", 1.0, polyak(c=1.0, eps=0.0)), ("paper", 1.0, polyak(True))],
        [({"f_star": 1, "c": 0.2, "eps": 0.5, "lr": 0.1}, polyak(False, 1.0, 0.2, 0.5)),
         ({"form": "smooth", "growth": 1.3, "f_star": 0.3, "lr": 0.01}, polyak(True, 0.3, growth=1.3))], tensors)


def number(x):
    return "%.9g" % x


def main():
    for (layout, kind), gradients in GRADIENTS.items():
        with open(TABLES / f"catalogue_optimizers_gradients_{layout}_{kind}.csv", "w") as out:
            for row in gradients[:10] if layout == "wide" else gradients:
                out.write(",".join(number(x) for x in row) + "\n")
    with open(TABLES / "catalogue_optimizers_starts.csv", "w") as out:
        for layout, start in STARTS.items():
            out.write(layout + "," + ",".join(number(x) for x in start) + "\n")
    case = 0
    with open(TABLES / "catalogue_optimizers.csv", "w", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow("case optimizer preset lr parameters layout gradients rates update what w0".split())
        for name, preset, lr, settings, method, layouts, rates in cases():
            text = ";".join(f"{k}={v if isinstance(v, str) else repr(v)}" for k, v in settings.items())
            for layout in layouts:
                for kind, rate in (("random", rates[0]), ("hard", rates[-1])):
                    if (layout, kind) not in GRADIENTS:
                        continue
                    P, machine = split(STARTS[layout], layout), method(lr, layout)
                    for n in range(1, 11 if layout == "wide" else UPDATES + 1):
                        machine.step(P, split(GRADIENTS[layout, kind][n - 1], layout), lr * RATES[rate][n - 1], n, LOSSES[n - 1])
                        if n not in SHOWN:
                            continue
                        shown = [("weights", P)] + ([("point", machine.point(P))] if machine.point(P) is not None else [])
                        for what, values in shown:
                            values = flat(values)
                            assert np.isfinite(values).all(), (name, preset, text, layout, kind, n)
                            table.writerow([case, name, preset, repr(lr), text, layout, kind, rate, n, what] + ["%.8g" % x for x in values])
                    case += 1
    print(case, "cases")


if __name__ == "__main__":
    main()
