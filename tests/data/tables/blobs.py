#!/usr/bin/python3
"""Writes the tables of this folder: what scikit-learn's make_blobs and NumPy's RandomState give, every digit of every double.

Debian's python3-sklearn (made with 1.2.1 on NumPy 1.24.2). Run it in this folder; tests/data/blobs.cpp and circle.cpp read what it writes.
One row per sample: its label, then its features as C99 hexadecimal floats, which read back exactly. The file's name holds the parameters.
"""
import numpy
from sklearn.datasets import make_blobs


def write(name, values, labels):
    with open(name, "w") as out:
        for row, label in zip(values, labels):
            out.write(",".join([str(int(label))] + [float(x).hex() for x in row]) + "\n")


BLOBS = [  # samples, centers, features, cluster_std, center_box, random_state
    (1000, 3, 2, 2.0, (-10.0, 10.0), 2),  # the data of the learning-rate tutorial
    (101, 4, 5, 0.5, (-10.0, 10.0), 0),  # 101 = 4 * 25 + 1; an odd count of normals: one is left over
    (50, 7, 3, 1.0, (-2.0, 3.0), 4294967295),
    (10, 10, 1, 1.5, (-10.0, 10.0), 12345),
    (97, 2, 2, 0.0, (-10.0, 10.0), 1),
]

for samples, centers, features, std, box, state in BLOBS:
    values, labels = make_blobs(samples, features, centers=centers, cluster_std=std, center_box=box, random_state=state)
    write(f"blobs_{samples}_{centers}_{features}_{std:g}_{box[0]:g}_{box[1]:g}_{state}.csv", values, labels)

for samples, state in [(100, 0), (33, 7)]:
    numpy.random.seed(state)
    values = numpy.random.rand(samples, 2)
    write(f"circle_{samples}_{state}.csv", values, values[:, 0] ** 2 + values[:, 1] ** 2 > 1)

random = numpy.random.RandomState(42)  # the raw generator: words, uniforms, normals, a shuffle, in this order
words = random.randint(0, 2**32, size=1300, dtype=numpy.uint32)  # more than two refills of the 624 words
uniforms, normals, order = random.random_sample(100), random.standard_normal(101), numpy.arange(100)
random.shuffle(order)
with open("numpy_random_42.csv", "w") as out:
    for kind, values in [("bits", words), ("uniform", uniforms), ("normal", normals), ("shuffled", order)]:
        out.writelines(f"{kind},{float(x).hex()}\n" for x in values)
