// framework/base/denormals.hpp - numbers below 1e-38 count as zero while a guard lives.
//
// Weights whose gradient stays 0 (the border pixels of every picture) leave running means that shrink for ever; once they are denormal, each
// operation on them costs over a hundred cycles: an epoch of Adam on Fashion-MNIST then takes three times as long. Denormal floats have no
// meaning in training, so they are flushed, on input and output, for the whole trial: the same bits on every CPU of one architecture.
#pragma once
#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace etude {

/// Flushes denormals on this thread; the destructor brings back what was before.
class FlushDenormals {
  public:
    FlushDenormals() : before_(read()) { write(before_ | flush_bits); }
    FlushDenormals(const FlushDenormals&) = delete;
    FlushDenormals& operator=(const FlushDenormals&) = delete;
    ~FlushDenormals() { write(before_); }
    /// On this thread, for good: for threads that do nothing but work of trials.
    static void from_now_on() { write(read() | flush_bits); }

  private:
#if defined(__x86_64__)
    static constexpr std::uint64_t flush_bits = 0x8040;  // MXCSR: flush to zero, denormals are zero
    static std::uint64_t read() { return _mm_getcsr(); }
    static void write(std::uint64_t bits) { _mm_setcsr(static_cast<unsigned>(bits)); }
#elif defined(__aarch64__)
    static constexpr std::uint64_t flush_bits = std::uint64_t{1} << 24;  // FPCR.FZ
    static std::uint64_t read() {
        std::uint64_t bits;
        __asm__ volatile("mrs %0, fpcr" : "=r"(bits));
        return bits;
    }
    static void write(std::uint64_t bits) { __asm__ volatile("msr fpcr, %0" : : "r"(bits)); }
#else
    static constexpr std::uint64_t flush_bits = 0;
    static std::uint64_t read() { return 0; }
    static void write(std::uint64_t) {}
#endif
    const std::uint64_t before_;
};

}  // namespace etude
