#include "tensor/reorder.hpp"

#include "tensor/primitive.hpp"

namespace etude {

using namespace onednn;

struct Reorder::Impl {
    Device device;
    Sequence sequence{device};
};

Reorder::Reorder(const View& from, const View& to) : impl_(std::make_unique<Impl>()) {
    impl_->sequence.copy({desc_of(from), from.data}, {desc_of(to), to.data});
}
Reorder::Reorder(Reorder&&) noexcept = default;
Reorder::~Reorder() = default;

void Reorder::execute() { impl_->sequence.execute(); }
std::string Reorder::kernel() const { return impl_->sequence.kernel(); }

}  // namespace etude
