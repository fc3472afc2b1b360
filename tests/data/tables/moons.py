#!/usr/bin/python3
"""Writes moons_*.csv and split_*.csv: scikit-learn's make_moons and train_test_split, every digit of every double.

Debian's python3-sklearn (made with 1.2.1 on NumPy 1.24.2). Run it in this folder; tests/data/generated.cpp and csv.cpp read what it writes.
Rows of moons are as in blobs_*.csv. A split is two lines: the rows of the training part, the rows of the test part.
"""
import numpy
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split

for samples, noise, state in [(100, 0.0, 0), (101, 0.1, 3), (2, 0.5, 1)]:
    values, labels = make_moons(samples, noise=noise, random_state=state)
    with open(f"moons_{samples}_{noise:g}_{state}.csv", "w") as out:
        for row, label in zip(values, labels):
            out.write(",".join([str(int(label))] + [float(x).hex() for x in row]) + "\n")

for rows, train, test, state in [(506, 0.8, None, 0), (506, None, 0.2, 42), (33, 20, 5, 7), (10, 0.55, 0.33, 4294967295)]:
    parts = train_test_split(numpy.arange(rows), train_size=train, test_size=test, random_state=state)
    with open(f"split_{rows}_{train}_{test}_{state}.csv", "w") as out:
        out.writelines(",".join(map(str, part)) + "\n" for part in parts)
