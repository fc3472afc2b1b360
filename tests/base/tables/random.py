#!/usr/bin/python3
"""Writes random.csv: what Rng must give, from a Philox written after the paper and XXH3 of another library (Debian's python3-xxhash).

philox rows: counter (4 words), key (2 words), block (4 words). The first three are known answers of the authors' library Random123
(all zeros, all ones, digits of pi), checked below; the others are there for the carries of the counter.
stream rows: seed, purpose, a, b, then the first eight words of the stream. A change there changes the results of every study.
"""
import xxhash

MASK32, MASK64 = 2**32 - 1, 2**64 - 1


def philox(counter, key):
    """Salmon et al. 2011, figure 2: ten rounds of an S-P network on two halves L, R of two words each."""
    (r0, l0, r1, l1), (k0, k1) = counter, key
    for _ in range(10):
        hi0, lo0 = divmod(r0 * 0xD2511F53, 2**32)
        hi1, lo1 = divmod(r1 * 0xCD9E8D57, 2**32)
        r0, l0, r1, l1 = hi1 ^ l0 ^ k0, lo1, hi0 ^ l1 ^ k1, lo0
        k0, k1 = (k0 + 0x9E3779B9) & MASK32, (k1 + 0xBB67AE85) & MASK32
    return [r0, l0, r1, l1]


def splitmix(z):
    """The finaliser of splitmix64."""
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK64
    z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK64
    return z ^ z >> 31


def stream(seed, purpose, a, b, words):
    key = splitmix((seed + 0x9E3779B97F4A7C15 * (1 + xxhash.xxh3_64_intdigest(purpose.encode()))) & MASK64)
    name = splitmix((a + 0x9E3779B97F4A7C15) & MASK64) ^ splitmix(splitmix((b + 0xD1B54A32D192ED03) & MASK64))
    given = []
    for block in range(-(-words // 4)):
        given += philox([block & MASK32, block >> 32, name & MASK32, name >> 32], [key & MASK32, key >> 32])
    return given[:words]


KNOWN = [
    ([0] * 4, [0] * 2, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ([MASK32] * 4, [MASK32] * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ([0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], [0xA4093822, 0x299F31D0], "d16cfe09 94fdcceb 5001e420 24126ea1"),
]
with open("random.csv", "w") as out:
    for counter, key, known in KNOWN:
        assert [int(word, 16) for word in known.split()] == philox(counter, key)
    for counter, key in [(c, k) for c, k, _ in KNOWN] + [([1, 2, 3, 4], [5, 6]), ([MASK32, 0, 1, 0], [1 << 31, 7])]:
        out.write("philox," + ",".join(f"{word:08x}" for word in counter + key + philox(counter, key)) + "\n")
    for seed, purpose, a, b in [(0, "shuffle", 0, 0), (1, "init", 0, 3), (2**64 - 1, "dropout", 199, 7), (42, "", 2**63, 2**64 - 1)]:
        out.write(f"stream,{seed},{purpose},{a},{b}," + ",".join(f"{word:08x}" for word in stream(seed, purpose, a, b, 8)) + "\n")
