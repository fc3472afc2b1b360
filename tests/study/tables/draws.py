#!/usr/bin/python3
"""Writes draws.csv: what the draws of a sweep must give, in exact arithmetic where there is one (fractions) and with 50 digits elsewhere (decimal).

random rows: seed, path, then five places in [0, 1). The stream is that of tests/base/tables/random.py, Philox after the paper and XXH3 of
another library (Debian's python3-xxhash): seed, purpose "draw", and the hash of the path.
halton rows: axis, seed (empty: plain), then six places: radical inverses by the digits of the index, and with a seed by permuted digits; the
permutations are Fisher and Yates's (inside out), as Rng::permutation documents, from the stream of the seed, purpose "halton", base, digit.
value rows: distribution, lo, hi, step, place, value with 12 significant digits.
"""
from decimal import Decimal, ROUND_HALF_EVEN, getcontext
from fractions import Fraction
from math import ceil, floor, log2

import xxhash

getcontext().prec = 50
MASK32, MASK64 = 2**32 - 1, 2**64 - 1
PRIMES = [2, 3, 5, 7, 11, 13, 17, 19]


def philox(counter, key):
    (r0, l0, r1, l1), (k0, k1) = counter, key
    for _ in range(10):
        hi0, lo0 = divmod(r0 * 0xD2511F53, 2**32)
        hi1, lo1 = divmod(r1 * 0xCD9E8D57, 2**32)
        r0, l0, r1, l1 = hi1 ^ l0 ^ k0, lo1, hi0 ^ l1 ^ k1, lo0
        k0, k1 = (k0 + 0x9E3779B9) & MASK32, (k1 + 0xBB67AE85) & MASK32
    return [r0, l0, r1, l1]


def splitmix(z):
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK64
    z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK64
    return z ^ z >> 31


def words(seed, purpose, a, b=0):
    """Without end."""
    key = splitmix((seed + 0x9E3779B97F4A7C15 * (1 + xxhash.xxh3_64_intdigest(purpose.encode()))) & MASK64)
    name = splitmix((a + 0x9E3779B97F4A7C15) & MASK64) ^ splitmix(splitmix((b + 0xD1B54A32D192ED03) & MASK64))
    block = 0
    while True:
        yield from philox([block & MASK32, block >> 32, name & MASK32, name >> 32], [key & MASK32, key >> 32])
        block += 1


def random_places(seed, path, count):
    stream = words(seed, "draw", xxhash.xxh3_64_intdigest(path.encode()))
    return [((next(stream) >> 5) * 2**26 + (next(stream) >> 6)) / 2**53 for _ in range(count)]


def permutation(stream, size):
    """Each number below i + 1 by Lemire's multiplication, unbiased."""
    order = [0] * size
    for i in range(size):
        bound = i + 1
        product = next(stream) * bound
        while product % 2**32 < 2**32 % bound:
            product = next(stream) * bound
        j = product >> 32
        order[i] = order[j]
        order[j] = i
    return order


def halton(axis, seed, count):
    base = PRIMES[axis]
    digits = ceil(53 / log2(base))
    permutations = [permutation(words(seed, "halton", base, k), base) if seed is not None else list(range(base)) for k in range(digits)]
    places = []
    for index in range(count) if seed is not None else range(1, count + 1):
        place = Fraction(0)
        for k in range(digits):
            place += Fraction(permutations[k][index // base**k % base], base ** (k + 1))
        places.append(float(place))
    return places


def twelve(value):
    """A decimal with 12 significant digits."""
    if value == 0:
        return value
    return value.quantize(Decimal(1).scaleb(value.adjusted() - 11), rounding=ROUND_HALF_EVEN)


def value(kind, lo, hi, step, place):
    lo, hi, place = Decimal(lo), Decimal(hi), Decimal(place)
    if kind == "uniform":
        x = lo + (hi - lo) * place
    elif kind == "log_uniform":
        x = (lo.ln() + (hi.ln() - lo.ln()) * place).exp()
    elif kind == "one_minus_log_uniform":
        x = 1 - ((1 - lo).ln() + ((1 - hi).ln() - (1 - lo).ln()) * place).exp()
    else:
        x = lo + floor((hi - lo + 1) * place)
    if step:
        step = Decimal(step)
        multiple = (x / step).to_integral_value(rounding="ROUND_HALF_UP")
        x = min(max(multiple, Decimal(ceil(lo / step))), Decimal(floor(hi / step))) * step
    return float(twelve(x))


with open("draws.csv", "w") as out:
    for seed, path in [(0, "optimizer.lr"), (1, "optimizer.lr"), (0, "optimizer.momentum"), (2**53, "model.0.dense.units")]:
        out.write(f"random,{seed},{path}," + ",".join(map(repr, random_places(seed, path, 5))) + "\n")
    for axis, seed in [(0, None), (1, None), (4, None), (0, 0), (1, 0), (0, 7), (4, 7)]:
        out.write(f"halton,{axis},{'' if seed is None else seed}," + ",".join(map(repr, halton(axis, seed, 6))) + "\n")
    for kind, lo, hi, step in [("uniform", "0", "1", ""), ("uniform", "-3", "0.5", ""), ("uniform", "0.05", "0.96", "0.1"), ("log_uniform", "1e-5", "1", ""),
                               ("log_uniform", "3e-4", "0.2", ""), ("log_uniform", "16", "500", "16"), ("one_minus_log_uniform", "0", "0.999", ""),
                               ("one_minus_log_uniform", "0.9", "0.9999", ""), ("int_uniform", "1", "6", ""), ("int_uniform", "-2", "2", "")]:
        for place in [0, 2**-40, 0.125, 0.34, 0.7, 1 - 2**-53]:
            out.write(f"value,{kind},{lo},{hi},{step},{place!r},{value(kind, lo, hi, step, place)!r}\n")
