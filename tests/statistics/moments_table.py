#!/usr/bin/env python3
"""Writes moments_table.csv: what SciPy says of small samples. Run by hand (python3-scipy); the table is committed.

Each line: name; the numbers, separated by spaces; mean; std (n - 1); sem; bounds of the 95 % interval of the mean after Student.
"""
import random

from scipy import stats

random.seed(5)
samples = {
    "two": [0.8, 0.9],
    "three": [1.0, 2.0, 4.0],
    "accuracies": [0.818, 0.812, 0.826, 0.804, 0.83, 0.82, 0.816, 0.822, 0.81, 0.814],
    "losses": [0.41, 12.5, 0.39, 0.44, 3.2],
    "large and close": [1e9 + i for i in range(7)],
    "tiny": [3e-9, 1e-9, 7e-9, 2e-9],
    "negative": [-5.5, 2.25, -0.125, 8.0],
    "thirty": [random.gauss(0.8, 0.01) for _ in range(30)],
    "two hundred": [random.lognormvariate(0, 2) for _ in range(200)],
}
for name, values in samples.items():
    n, mean, sem = len(values), float(stats.tmean(values)), float(stats.sem(values))
    low, high = stats.t.interval(0.95, n - 1, loc=mean, scale=sem)
    print(";".join([name, " ".join(map(repr, values)), repr(mean), repr(float(stats.tstd(values))), repr(sem), repr(float(low)), repr(float(high))]))
for dof in [1, 2, 3, 4, 5, 9, 10, 29, 99, 1000, 100000]:
    print(f"student;{dof};{stats.t.ppf(0.975, dof)!r}")
