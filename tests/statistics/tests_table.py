#!/usr/bin/env python3
"""Writes tests_table.csv: what SciPy, NumPy and statsmodels say. Run by hand (python3-scipy, python3-statsmodels); the table is committed.

Each line: what; arguments; results, separated by ';', lists by spaces.
SciPy's exact p-value assumes that nothing ties, so that with ties or zeros every one of the 2^n signs is gone through here, over the
mid-ranks of scipy.stats.rankdata.
"""
import itertools
import random

import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower
from statsmodels.stats.proportion import proportion_confint

random.seed(11)


def words(values):
    return " ".join(repr(float(v)) for v in values)


for count, n in [(0, 1), (1, 1), (0, 10), (1, 10), (3, 10), (10, 10), (7, 30), (499, 1000)]:
    low, high = proportion_confint(count, n, method="wilson")
    print(f"wilson;{count};{n};{float(low)!r};{float(high)!r}")

samples = [[3.0], [1.0, 2.0], [5.0, 1.0, 4.0], [random.gauss(0, 1) for _ in range(10)], [random.expovariate(1) for _ in range(31)], [2.0] * 5]
for sample in samples:
    print("quantile;" + words(sample) + ";" + words(np.quantile(sample, [0.05, 0.25, 0.5, 0.75, 0.95])))

for p in [[0.04], [0.01, 0.04, 0.03, 0.005], [0.2, 0.2, 0.2], [1e-9, 0.9, 0.02, 0.02, 0.013, 0.5], [0.001 * i * i for i in range(1, 31)]]:
    print("holm;" + words(p) + ";" + words(multipletests(p, method="holm")[1]))

paired = [[random.gauss(0.3, 1) for _ in range(n)] for n in [2, 3, 5, 10, 30, 100]]
for d in paired:
    t = stats.ttest_rel(d, [0.0] * len(d))
    print(f"paired;{words(d)};{float(t.statistic)!r};{float(t.pvalue)!r}")

for effect, alpha, power in [(0.5, 0.05, 0.8), (0.2, 0.05, 0.8), (1.0, 0.05, 0.9), (0.8, 0.01, 0.8), (0.05, 0.05, 0.8), (3.0, 0.05, 0.8)]:
    n = TTestPower().solve_power(effect_size=effect, alpha=alpha, power=power, alternative="two-sided")
    print(f"power;{effect!r};{alpha!r};{power!r};{int(np.ceil(n))}")

# Without ties: SciPy, exactly up to 60 pairs and approximately beyond.
for n in [1, 2, 5, 6, 10, 25, 50, 60]:
    d = [random.gauss(0.4, 1) for _ in range(n)]
    w = stats.wilcoxon(d, mode="exact")
    print(f"signed_rank;wilcox;{words(d)};{float(w.statistic)!r};{float(w.pvalue)!r}")
for n in [61, 80, 200]:
    d = [random.gauss(0.2, 1) for _ in range(n)]
    w = stats.wilcoxon(d, mode="approx")
    print(f"signed_rank;wilcox;{words(d)};{float(w.statistic)!r};{float(w.pvalue)!r}")
# With ties and zeros beyond 60 pairs: SciPy's approximation by each of its methods.
for n in [100, 150]:
    d = [float(round(random.gauss(0.3, 2))) for _ in range(n)]
    for zeros in ["wilcox", "pratt"]:
        w = stats.wilcoxon(d, mode="approx", zero_method=zeros)
        print(f"signed_rank;{zeros};{words(d)};{float(w.statistic)!r};{float(w.pvalue)!r}")


def enumerated(d, zeros):
    """The smaller rank sum and the share of signs at least as far from the middle, twice the smaller tail."""
    d = [x for x in d if x != 0] if zeros == "wilcox" else d
    ranks = [r for r, x in zip(stats.rankdata(np.abs(d)), d) if x != 0]
    signs = [x > 0 for x in d if x != 0]
    plus = sum(r for r, s in zip(ranks, signs) if s)
    smaller = min(plus, sum(ranks) - plus)
    sums = [sum(itertools.compress(ranks, s)) for s in itertools.product([0, 1], repeat=len(ranks))]
    return smaller, min(1.0, 2 * sum(s <= smaller + 1e-9 for s in sums) / len(sums))


tied = [[1, 1], [1, -1], [0, 1, 2], [0, 0, 3, -1, 2, 2], [1, 1, 1, -1, 2], [0.5, 0.5, -0.5, 1, 1, 2, 0, 0, 3, 4],
        [2, 2, 2, 2, 2, 2, -1], [float(round(random.gauss(0.7, 1.5))) for _ in range(14)]]
for d in tied:
    for zeros in ["wilcox", "pratt"]:
        statistic, p = enumerated(d, zeros)
        print(f"signed_rank;{zeros};{words(d)};{float(statistic)!r};{float(p)!r}")

for sample in [samples[3], samples[4], [0.81, 0.82, 0.8, 0.34, 0.83]]:
    result = stats.bootstrap((sample,), np.median, n_resamples=200000, batch=20000, method="percentile", random_state=1, vectorized=True, axis=0)
    print(f"bootstrap;{words(sample)};{float(result.confidence_interval.low)!r};{float(result.confidence_interval.high)!r}")
