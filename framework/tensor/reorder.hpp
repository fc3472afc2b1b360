// framework/tensor/reorder.hpp - images from one of oneDNN's layouts to another. Threads: as in dnnl.hpp.
#pragma once
#include <memory>
#include <string>

#include "tensor/shape.hpp"

namespace etude {

class Reorder {
  public:
    /// Both of the same images, neither in Layout::columns.
    Reorder(const View& from, const View& to);
    Reorder(Reorder&&) noexcept;
    ~Reorder();

    void execute();
    std::string kernel() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace etude
