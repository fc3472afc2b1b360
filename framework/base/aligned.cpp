#include "base/aligned.hpp"

#include <sys/mman.h>

#include <cstring>
#include <new>

namespace etude {
namespace {

constexpr std::size_t large_page = std::size_t{2} << 20;

std::align_val_t alignment_of(std::size_t bytes) { return std::align_val_t{bytes >= large_page ? large_page : buffer_alignment}; }

}  // namespace

void* allocate_aligned(std::size_t bytes) {
    void* data = ::operator new(bytes, alignment_of(bytes));
    // Activations of a CNN are megabytes each: with pages of 4 KiB the first touch alone costs as much as an update, and every pass misses the TLB.
    if (bytes >= large_page) ::madvise(data, bytes / large_page * large_page, MADV_HUGEPAGE);  // a wish: refused, nothing is lost
    return std::memset(data, 0, bytes);
}

void free_aligned(void* data, std::size_t bytes) noexcept { ::operator delete(data, alignment_of(bytes)); }

}  // namespace etude
