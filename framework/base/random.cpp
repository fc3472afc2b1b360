#include "base/random.hpp"

#include <cmath>
#include <numbers>

#include "base/hash.hpp"

namespace etude {
namespace {

constexpr std::uint64_t mix(std::uint64_t z) {  // the finaliser of splitmix64 (Steele et al. 2014): a bijection on 64 bits
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

}  // namespace

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t p0 = std::uint64_t{0xD2511F53u} * counter[0];
        const std::uint64_t p1 = std::uint64_t{0xCD9E8D57u} * counter[2];
        counter = {static_cast<std::uint32_t>(p1 >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(p1),
                   static_cast<std::uint32_t>(p0 >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(p0)};
        key[0] += 0x9E3779B9u;
        key[1] += 0xBB67AE85u;
    }
    return counter;
}

Rng::Rng(std::uint64_t seed, std::string_view purpose, std::uint64_t a, std::uint64_t b) {
    const std::uint64_t key = mix(seed + 0x9e3779b97f4a7c15ULL * (1 + hash_bytes(purpose)));
    key_ = {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)};
    // The upper half of the counter names the stream, the lower half counts blocks within it.
    const std::uint64_t stream = mix(a + 0x9e3779b97f4a7c15ULL) ^ mix(mix(b + 0xd1b54a32d192ed03ULL));
    counter_ = {0, 0, static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)};
}

void Rng::refill() {
    block_ = philox4x32(counter_, key_);
    used_ = 0;
    if (++counter_[0] == 0) ++counter_[1];
}

std::uint32_t Rng::bits() {
    if (used_ == 4) refill();
    return block_[used_++];
}

double Rng::uniform() {
    const std::uint64_t high = bits() >> 5, low = bits() >> 6;  // 27 and 26 bits
    return static_cast<double>((high << 26) | low) * 0x1p-53;
}

std::uint32_t Rng::below(std::uint32_t bound) {
    std::uint64_t product = std::uint64_t{bits()} * bound;
    if (static_cast<std::uint32_t>(product) < bound) {
        const std::uint32_t threshold = (0u - bound) % bound;
        while (static_cast<std::uint32_t>(product) < threshold) product = std::uint64_t{bits()} * bound;
    }
    return static_cast<std::uint32_t>(product >> 32);
}

double Rng::normal() {
    if (has_spare_) {
        has_spare_ = false;
        return spare_;
    }
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    const double angle = 2 * std::numbers::pi * uniform();
    spare_ = radius * std::sin(angle);
    has_spare_ = true;
    return radius * std::cos(angle);
}

void Rng::permutation(std::span<std::uint32_t> order) {
    for (std::uint32_t i = 0; i < order.size(); ++i) {
        const std::uint32_t j = below(i + 1);
        order[i] = order[j];
        order[j] = i;
    }
}

}  // namespace etude
