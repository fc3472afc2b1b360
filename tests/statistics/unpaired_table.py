#!/usr/bin/env python3
"""Writes unpaired_table.csv: what SciPy says of two samples. Run by hand (python3-scipy); the table is committed.

Each line: what; first sample; second sample; results, separated by ';', lists by spaces. SciPy's exact p-value assumes that nothing ties, so
that with ties every way to divide the mid-ranks of scipy.stats.rankdata is gone through here.
"""
import itertools
import random

import numpy as np
from scipy import stats

random.seed(23)


def words(values):
    return " ".join(repr(float(v)) for v in values)


def divided(first, second):
    ranks = stats.rankdata(first + second)
    seen = sum(ranks[: len(first)])
    sums = [sum(ranks[list(places)]) for places in itertools.combinations(range(len(ranks)), len(first))]
    below = sum(s <= seen for s in sums) / len(sums)
    above = sum(s >= seen for s in sums) / len(sums)
    return min(1.0, 2 * min(below, above))


def normal(m, shift, spread):
    return [random.gauss(shift, spread) for _ in range(m)]


for first, second in [(normal(2, 0, 1), normal(2, 1, 1)), (normal(5, 0, 1), normal(9, 0.5, 3)), (normal(30, 0.8, 0.01), normal(10, 0.81, 0.02)),
                      (normal(100, 0, 1), normal(3, 2, 5))]:
    t = stats.ttest_ind(first, second, equal_var=False)
    va, vb = np.var(first, ddof=1) / len(first), np.var(second, ddof=1) / len(second)
    degrees = (va + vb) ** 2 / (va**2 / (len(first) - 1) + vb**2 / (len(second) - 1))
    half = stats.t.ppf(0.975, degrees) * np.sqrt(va + vb)
    difference = np.mean(first) - np.mean(second)
    print(f"welch;{words(first)};{words(second)};{float(t.statistic)!r};{float(t.pvalue)!r};{words([difference - half, difference + half])}")

for m, n in [(1, 1), (1, 5), (4, 4), (3, 8), (10, 10), (30, 30)]:
    first, second = normal(m, 0, 1), normal(n, 0.7, 1)
    u = stats.mannwhitneyu(first, second, method="exact")
    print(f"rank_sum;{words(first)};{words(second)};{float(u.statistic)!r};{float(u.pvalue)!r}")
for m, n, steps in [(4, 4, 3), (6, 5, 4), (8, 8, 5), (3, 9, 2), (5, 5, 1)]:
    first, second = [[random.randrange(steps) for _ in range(k)] for k in (m, n)]
    u = stats.mannwhitneyu(first, second, method="asymptotic").statistic if steps > 1 else m * n / 2
    print(f"rank_sum;{words(first)};{words(second)};{float(u)!r};{divided(first, second)!r}")
for m, n, steps in [(40, 40, 1000), (31, 30, 6), (200, 5, 12)]:
    first, second = [random.randrange(steps) for _ in range(m)], [random.randrange(steps) + steps // 5 for _ in range(n)]
    u = stats.mannwhitneyu(first, second, method="asymptotic", use_continuity=False)
    print(f"rank_sum;{words(first)};{words(second)};{float(u.statistic)!r};{float(u.pvalue)!r}")
