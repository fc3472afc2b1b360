#!/usr/bin/env python3
"""Writes tables/groups.csv: PyTorch's own parameter groups, in float64, over the gradients that make_tables.py recorded.

    /usr/bin/python3 make_groups.py        (Debian: python3-torch, python3-numpy; the tests need neither)

The 12 weights are four tensors: 0.dense.weight [2, 3], 0.dense.bias [2], 1.dense.weight [1, 3], 1.dense.bias [1].
columns: case, update, w0..w11   weights after some updates
"""
import csv
import pathlib

import numpy as np
import torch

TABLES = pathlib.Path(__file__).parent / "tables"
ENDS = (0, 6, 8, 11, 12)
SHOWN = (1, 2, 10, 100)
START = np.linspace(-1.1, 1.1, 12).astype(np.float32).astype(np.float64)

# Tensors by place; what is left out of a group is the optimizer's own.
CASES = {
    "sgd": lambda t: torch.optim.SGD([{"params": [t[0]]}, {"params": [t[1], t[3]], "lr": 0.04, "weight_decay": 0.0},
                                      {"params": [t[2]], "lr": 0.002, "momentum": 0.5}],
                                     lr=0.02, momentum=0.9, weight_decay=0.01),
    "adamw": lambda t: torch.optim.AdamW([{"params": [t[0]]}, {"params": [t[1], t[3]], "lr": 0.02, "weight_decay": 0.0},
                                          {"params": [t[2]], "lr": 0.001, "betas": (0.8, 0.95)}],
                                         lr=0.01, betas=(0.9, 0.999), weight_decay=0.1),
}


def main():
    gradients = np.loadtxt(TABLES / "gradients_random.csv", delimiter=",")
    with open(TABLES / "groups.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["case", "update"] + [f"w{i}" for i in range(12)])
        for case, make in CASES.items():
            tensors = [torch.tensor(START[a:b], dtype=torch.float64, requires_grad=True) for a, b in zip(ENDS, ENDS[1:])]
            optimizer = make(tensors)
            for update, gradient in enumerate(gradients, 1):
                for tensor, a, b in zip(tensors, ENDS, ENDS[1:]):
                    tensor.grad = torch.tensor(gradient[a:b], dtype=torch.float64)
                optimizer.step()
                if update in SHOWN:
                    out.writerow([case, update] + [repr(float(w)) for t in tensors for w in t.detach()])


main()
