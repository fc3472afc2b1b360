#include "support/allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> calls = 0;

// Never inlined: g++ would see malloc behind a new-expression and warn of a mismatch.
[[gnu::noinline]] void* counted(std::size_t size, std::size_t alignment) {
    ++calls;
    const std::size_t whole = (size + alignment - 1) / alignment * alignment;
    if (void* place = std::aligned_alloc(alignment, whole == 0 ? alignment : whole)) return place;
    throw std::bad_alloc();
}
[[gnu::noinline]] void freed(void* place) noexcept { std::free(place); }

}  // namespace

void* operator new(std::size_t size) { return counted(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) { return counted(size, static_cast<std::size_t>(alignment)); }
void operator delete(void* place) noexcept { freed(place); }
void operator delete(void* place, std::size_t) noexcept { freed(place); }
void operator delete(void* place, std::align_val_t) noexcept { freed(place); }
void operator delete(void* place, std::size_t, std::align_val_t) noexcept { freed(place); }

std::size_t etude::test::allocations() { return calls; }
