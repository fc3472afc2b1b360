// framework/base/archive.hpp - the state of something as bytes, and back.
//
// One function of a class does both: what it names, in its order, is written when the archive saves and read when it restores, so that the two
// cannot disagree. Bytes are those of this machine; they are meant for it alone.
#pragma once
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/error.hpp"

namespace etude {

/// Bytes that are not the state of what they are put into.
class StateMismatch : public Error {
  public:
    using Error::Error;
};

class Archive {
  public:
    /// Saves.
    Archive() = default;
    /// Restores from `bytes`, which outlive it.
    explicit Archive(std::string_view bytes) : left_(bytes), restores_(true) {}
    Archive(const Archive&) = delete;
    Archive& operator=(const Archive&) = delete;

    bool restores() const { return restores_; }
    /// What was saved.
    std::string take() { return std::move(saved_); }

    /// A number, a flag, a word of an enum.
    template <class T> void item(T& value) {
        static_assert(std::is_arithmetic_v<T> || std::is_enum_v<T>);
        pass(&value, sizeof value);
    }
    /// A buffer that is there already. Throws StateMismatch when it was of another length.
    template <class T> void items(std::span<T> values) {
        static_assert(std::is_arithmetic_v<T>);
        std::uint64_t count = values.size();
        item(count);
        if (count != values.size())
            throw StateMismatch("a state of " + std::to_string(count) + " numbers where there are " + std::to_string(values.size()));
        pass(values.data(), values.size_bytes());
    }
    /// A list that becomes as long as it was.
    template <class T> void list(std::vector<T>& values) {
        static_assert(std::is_arithmetic_v<T>);
        std::uint64_t count = values.size();
        item(count);
        if (restores_) values.resize(count_within(count, sizeof(T)));
        pass(values.data(), values.size() * sizeof(T));
    }
    void text(std::string& value) {
        std::uint64_t count = value.size();
        item(count);
        if (restores_) value.resize(count_within(count, 1));
        pass(value.data(), value.size());
    }
    /// Throws StateMismatch unless all was read.
    void require_end() const {
        if (!left_.empty()) throw StateMismatch("a state that is " + std::to_string(left_.size()) + " bytes longer than it should be");
    }

  private:
    void pass(void* data, std::size_t size) {
        if (size == 0) return;
        if (!restores_) {
            saved_.append(static_cast<const char*>(data), size);
            return;
        }
        std::memcpy(data, left_.substr(0, count_within(size, 1)).data(), size);
        left_.remove_prefix(size);
    }
    /// So many elements are left, or nothing may be allocated for them.
    std::size_t count_within(std::uint64_t count, std::size_t element) const {
        if (count > left_.size() / element) throw StateMismatch("a state that ends early");
        return static_cast<std::size_t>(count);
    }

    std::string saved_;
    std::string_view left_;
    bool restores_ = false;
};

}  // namespace etude
