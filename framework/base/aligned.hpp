// framework/base/aligned.hpp - a buffer of plain values on a cache line's boundary, zeroed.
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>

namespace etude {

inline constexpr std::size_t buffer_alignment = 64;  // bytes: one cache line, one AVX-512 register

/// `bytes` zeroed bytes on a boundary of 64; large ones ask the system for large pages. Throws std::bad_alloc.
void* allocate_aligned(std::size_t bytes);
void free_aligned(void* data, std::size_t bytes) noexcept;

/// Owns `size` values of T, zeroed, aligned to 64 bytes. Movable, not copyable.
template <class T> class AlignedBuffer {
    static_assert(std::is_trivially_copyable_v<T>);

  public:
    AlignedBuffer() = default;
    explicit AlignedBuffer(std::size_t size)
        : data_(size == 0 ? nullptr : static_cast<T*>(allocate_aligned(size * sizeof(T))), Free{size * sizeof(T)}) {}
    T* data() noexcept { return data_.get(); }
    const T* data() const noexcept { return data_.get(); }
    std::size_t size() const noexcept { return data_ ? data_.get_deleter().bytes / sizeof(T) : 0; }
    T& operator[](std::size_t i) noexcept { return data_.get()[i]; }
    const T& operator[](std::size_t i) const noexcept { return data_.get()[i]; }
    std::span<T> span() noexcept { return {data(), size()}; }
    std::span<const T> span() const noexcept { return {data(), size()}; }

  private:
    struct Free {
        std::size_t bytes = 0;
        void operator()(T* data) const noexcept { free_aligned(data, bytes); }
    };
    std::unique_ptr<T, Free> data_;
};

}  // namespace etude
