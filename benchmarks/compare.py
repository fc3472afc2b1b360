"""Etude against PyTorch, in alternation on one thread, medians; see README.md."""
import argparse
import csv
import io
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import torch

import peers

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / "build/release/bin"
sgd, adam = partial(torch.optim.SGD, lr=0.01), partial(torch.optim.Adam, lr=0.001)

# name: study, what PyTorch does, target ratio
NETWORKS = {
    "blobs": ("blobs.yaml", partial(peers.fit_seconds, peers.blobs, sgd, (2,), 3, 500, 500, 32, 200), 20.0),
    "mlp_sgd": ("mlp_sgd.yaml", partial(peers.fit_seconds, peers.mlp, sgd, (784,), 10, 60000, 10000, 32, 1), 2.5),
    "mlp_adam": ("mlp_adam.yaml", partial(peers.fit_seconds, peers.mlp, adam, (784,), 10, 60000, 10000, 32, 1), 3.5),
    "lenet": ("lenet.yaml", partial(peers.fit_seconds, peers.lenet, sgd, (1, 28, 28), 10, 60000, 10000, 256, 1), 1.7),
    "cifar10_cnn": ("cifar10_cnn.yaml", partial(peers.fit_seconds, peers.cifar10_cnn, sgd, (3, 32, 32), 10, 6400, 1000, 32, 1), 1.3),
    "resnet20": ("resnet20.yaml", partial(peers.fit_seconds, peers.resnet20, sgd, (3, 32, 32), 10, 2560, 500, 128, 1), 1.4),
}
CNNS = ("lenet", "cifar10_cnn", "resnet20")
PARTS = [*NETWORKS, "cost", "optimizers", "threads", "sweep"]


def etude(study, *arguments, data=None):
    """Runs a study; returns (wall seconds of each trial, seconds of the whole command, stdout)."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(BIN / "etude"), "run", str(ROOT / "benchmarks/studies" / study), "--out", folder + "/out", *arguments]
        if data:
            command += ["--data", data]
        start = time.perf_counter()
        with open(folder + "/text", "w+") as text:
            process = subprocess.Popen(command, stdout=text, stderr=subprocess.STDOUT)
            status = process.wait()
            seconds = time.perf_counter() - start
            text.seek(0)
            output = text.read()
        if status != 0:
            raise RuntimeError(output)
        with open(folder + "/out/timing.csv") as file:
            times = [float(row["wall_seconds"]) for row in csv.DictReader(file)]
        return times, seconds, output


# Of the largest child, measured by an interpreter that is small itself: a process begins with the peak of the one that started it, and ours holds PyTorch.
MEASURE = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); " \
          "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"


def peak_memory(study, *arguments):
    """Of a whole command, in MiB."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", MEASURE, str(BIN / "etude"), "run", str(ROOT / "benchmarks/studies" / study), "--out", folder + "/out", *arguments]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout) / 1024


def spread(values):
    return f"{statistics.median(values):.4g} ({min(values):.4g} to {max(values):.4g})"


def networks(options, wanted):
    print("\n| network | Etude s | PyTorch s | ratio | target |\n|---|---|---|---|---|")
    for name in wanted:
        study, peer, target = NETWORKS[name]
        ours, theirs, last = [], [], []
        try:
            for seed in range(options.rounds):
                ours.append(etude(study, f"seeds=[{seed}]", "-j", "1", data=options.data)[0][0])
                theirs.append(peer())
                if name in CNNS:
                    last.append(peer(channels_last=True))
        except RuntimeError as error:
            print(f"| {name} | not measured: {str(error).strip().splitlines()[0]} | | | {target} |")
            continue
        ratio = statistics.median(theirs) / statistics.median(ours)
        print(f"| {name} | {spread(ours)} | {spread(theirs)} | **{ratio:.2f}** | {target} |", flush=True)
        if last:
            print(f"| {name}, PyTorch channels_last | | {spread(last)} | {statistics.median(last) / statistics.median(ours):.2f} | |", flush=True)


def framework_cost(options):
    """What a trial takes beyond nothing but oneDNN's primitives of the same shapes, called in a plain loop."""
    print("\n| network | trial s | bare primitives s | cost |\n|---|---|---|---|")
    for name, study in (("blobs", "blobs.yaml"), ("mlp", "mlp_sgd.yaml"), *((cnn, NETWORKS[cnn][0]) for cnn in CNNS[1:])):
        trials, bare = [], []
        try:
            for seed in range(options.rounds):
                trials.append(etude(study, f"seeds=[{seed}]", "-j", "1", data=options.data)[0][0])
                bare.append(bare_seconds(name))
        except RuntimeError as error:
            print(f"| {name} | not measured: {str(error).strip().splitlines()[0]} | | |")
            continue
        cost = statistics.median(trials) / statistics.median(bare) - 1
        print(f"| {name} | {spread(trials)} | {spread(bare)} | {100 * cost:+.0f} % |", flush=True)


def bare_seconds(network):
    output = subprocess.run([str(BIN / "bench_primitives"), network], check=True, capture_output=True, text=True).stdout
    return float(output.split(",")[1])


def optimizers():
    print("\n| optimizer | ns a weight | copy of the same bytes | PyTorch | ratio to PyTorch |\n|---|---|---|---|---|")
    output = subprocess.run([str(BIN / "bench_optimizers")], check=True, capture_output=True, text=True).stdout
    for row in csv.DictReader(io.StringIO(output)):
        ours, copy = float(row["ns_per_weight"]), float(row["copy_ns_per_weight"])
        theirs = peers.optimizer_seconds(row["optimizer"]) * 1e3 if row["optimizer"] in peers.OPTIMIZERS else None
        words = f"{theirs:.3f} | **{theirs / ours:.1f}**" if theirs else "not there |"
        print(f"| {row['optimizer']} | {ours:.3f} | {copy:.3f} | {words} |", flush=True)


def sweep(options):
    one, two = [], []
    for _ in range(options.rounds):
        one.append(etude("sweep.yaml", "-j", "1")[1])
        two.append(etude("sweep.yaml", "-j", "2")[1])
    print(f"\n24 configurations, 30 seeds of blobs, the whole command with its report: one worker {spread(one)} s, two {spread(two)} s:"
          f" **{statistics.median(one) / statistics.median(two):.2f}** (target 1.9)")
    print(f"Peak memory of a two-worker Fashion-MNIST sweep: {peak_memory('memory.yaml', '-j', '2'):.0f} MiB (target below 400)", flush=True)


def threads(options):
    """What `train.threads: 2` gains for one trial of a large network."""
    print("\n| network | one thread s | two threads s | ratio |\n|---|---|---|---|")
    for name, study in (("resnet20", "resnet20.yaml"), ("wide_mlp", "wide_mlp.yaml")):
        one, two = [], []
        try:
            for seed in range(options.rounds):
                for n, times in ((1, one), (2, two)):
                    times.append(etude(study, f"seeds=[{seed}]", f"train.threads={n}", "-j", "1", data=options.data)[0][0])
        except RuntimeError as error:
            print(f"| {name} | not measured: {str(error).strip().splitlines()[0]} | | |")
            continue
        print(f"| {name} | {spread(one)} | {spread(two)} | **{statistics.median(one) / statistics.median(two):.2f}** |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", help="of " + ", ".join(PARTS))
    parser.add_argument("--data", help="where CIFAR-10 is")
    options = parser.parse_args()
    parts = options.only.split(",") if options.only else PARTS
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        sys.exit(f"benchmarks: no part '{unknown[0]}'")
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    print(f"{cpu}; PyTorch {torch.__version__}, one thread; medians of {options.rounds} (from to)")
    if any(part in NETWORKS for part in parts):
        networks(options, [part for part in parts if part in NETWORKS])
    if "cost" in parts:
        framework_cost(options)
    if "optimizers" in parts:
        optimizers()
    if "threads" in parts:
        threads(options)
    if "sweep" in parts:
        sweep(options)


if __name__ == "__main__":
    main()
