// framework/base/aligned.hpp - a buffer of plain values on a cache line's boundary, zeroed.
#pragma once
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

namespace etude {

inline constexpr std::size_t buffer_alignment = 64;  // bytes: one cache line, one AVX-512 register

/// Owns `size` values of T, zeroed, aligned to 64 bytes. Movable, not copyable.
template <class T> class AlignedBuffer {
    static_assert(std::is_trivially_copyable_v<T>);

  public:
    AlignedBuffer() = default;
    explicit AlignedBuffer(std::size_t size)
        : data_(size == 0 ? nullptr : static_cast<T*>(::operator new(size * sizeof(T), std::align_val_t{buffer_alignment}))), size_(size) {
        if (size > 0) std::memset(data_.get(), 0, size * sizeof(T));
    }
    T* data() noexcept { return data_.get(); }
    const T* data() const noexcept { return data_.get(); }
    std::size_t size() const noexcept { return size_; }
    T& operator[](std::size_t i) noexcept { return data_.get()[i]; }
    const T& operator[](std::size_t i) const noexcept { return data_.get()[i]; }
    std::span<T> span() noexcept { return {data(), size_}; }
    std::span<const T> span() const noexcept { return {data(), size_}; }

  private:
    struct Free {
        void operator()(T* data) const noexcept { ::operator delete(data, std::align_val_t{buffer_alignment}); }
    };
    std::unique_ptr<T, Free> data_;
    std::size_t size_ = 0;
};

}  // namespace etude
