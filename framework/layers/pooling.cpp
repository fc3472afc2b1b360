#include "layers/pooling.hpp"

namespace etude {
namespace {

constexpr double largest_side = 1 << 14;

enum class Pooled { largest, mean };

Schema window_schema() {
    return {required(integer("kernel", 0, closed(1, largest_side), "Height and width of the window, pixels.")),
            optional(integer("stride", 0, closed(1, largest_side), "Pixels from one window to the next; without it, the kernel's.")),
            integer("padding", 0, closed(0, largest_side), "Rows and columns around the image that belong to no pixel; at most half the kernel.")};
}

Kind max_kind() {
    return {"max_pool", "The largest number of each window, channel by channel.",
            "Windows that do not fit are left out, as in PyTorch: a side of n becomes floor((n + 2 padding - kernel) / stride) + 1", window_schema()};
}
Kind avg_kind() {
    return {"avg_pool", "The mean of each window, channel by channel.",
            "As in PyTorch, padding counts as zeros in the mean. A side of n becomes floor((n + 2 padding - kernel) / stride) + 1", window_schema()};
}
Kind global_kind() {
    return {"global_avg_pool", "The mean of each channel: an image becomes a vector.", "Lin et al. 2014, arXiv:1312.4400, sec. 3.2", {}};
}

struct Window {
    std::size_t height, width, stride, padding;
};

WindowSizes sizes_of(const Window& w, std::size_t planes, const InputShape& in, const InputShape& out) {
    return {planes, in.height, in.width, out.height, out.width, w.height, w.width, w.stride, w.padding};
}

/// In Layout::blocked16, on every machine.
class BoundPooling final : public BoundLayer {
  public:
    BoundPooling(Pooled pooled, const Window& w, const Binding& b) : pooled_(pooled), b_(b) {
        sizes_ = sizes_of(w, b.src.samples * padded_channels(b.src.shape.channels, Layout::blocked16) / lanes, b.src.shape, b.dst.shape);
    }

    void forward(std::uint64_t) override {
        if (pooled_ == Pooled::largest)
            b_.kernels->max_pool_forward(sizes_, b_.src.data, b_.dst.data, b_.relu_behind);
        else
            b_.kernels->avg_pool_forward(sizes_, b_.src.data, b_.dst.data);
    }
    void backward() override {
        if (!b_.diff_src) return;
        if (pooled_ == Pooled::largest)
            b_.kernels->max_pool_backward(sizes_, b_.src.data, b_.dst.data, b_.diff_dst.data, b_.diff_src.data, b_.relu_behind);
        else
            b_.kernels->avg_pool_backward(sizes_, b_.diff_dst.data, b_.diff_src.data);
    }
    void describe(std::vector<std::string>& lines) const override { lines.push_back(b_.name + ": " + std::string(b_.kernels->name)); }

  private:
    Pooled pooled_;
    Binding b_;
    WindowSizes sizes_;
};

class WindowPool final : public LayerType {
  public:
    WindowPool(Kind kind, Pooled pooled) : LayerType(std::move(kind)), pooled_(pooled) {}

    std::optional<Misfit> misfit(const Component& layer, const InputShape& in) const override {
        const Window s = window_of(layer.values);
        if (2 * s.padding > s.height)
            return Misfit{"padding = " + std::to_string(s.padding) + " is more than half of kernel = " + std::to_string(s.height),
                          "some windows would hold nothing but padding"};
        if (in.height + 2 * s.padding >= s.height && in.width + 2 * s.padding >= s.width) return std::nullopt;
        return Misfit{"kernel = " + std::to_string(s.height) + " is larger than the padded input of " + std::to_string(in.height + 2 * s.padding) +
                          "x" + std::to_string(in.width + 2 * s.padding),
                      "a smaller kernel, or less pooling before it"};
    }
    InputShape output(const Component& layer, const InputShape& in) const override {
        const Window s = window_of(layer.values);
        const auto side = [&](std::size_t n) { return (n + 2 * s.padding - s.height) / s.stride + 1; };
        return {in.channels, side(in.height), side(in.width)};
    }
    Layouts layouts(const Component&, const InputShape&, std::size_t, Layout) const override { return {Layout::blocked16, Layout::blocked16}; }
    bool takes_relu(const Component&) const override { return pooled_ == Pooled::largest; }
    std::optional<LaneStep> lane_step(const Component& layer, const InputShape& in, bool relu_behind) const override {
        return LanePooling{sizes_of(window_of(layer.values), in.channels, in, output(layer, in)), pooled_ == Pooled::largest, relu_behind};
    }
    std::unique_ptr<BoundLayer> bind(const Component& layer, const Binding& b) const override {
        return std::make_unique<BoundPooling>(pooled_, window_of(layer.values), b);
    }

  private:
    static Window window_of(const Values& values) {
        const auto count = [&](const char* name) { return static_cast<std::size_t>(values.integer(name)); };
        return {count("kernel"), count("kernel"), count(values.has("stride") ? "stride" : "kernel"), count("padding")};
    }

    Pooled pooled_;
};

class GlobalAvgPool final : public LayerType {
  public:
    GlobalAvgPool() : LayerType(global_kind()) {}

    InputShape output(const Component&, const InputShape& in) const override { return {in.channels, 1, 1}; }
    Layouts layouts(const Component&, const InputShape&, std::size_t, Layout) const override { return {Layout::blocked16, Layout::blocked16}; }
    std::optional<LaneStep> lane_step(const Component& layer, const InputShape& in, bool) const override {
        return LanePooling{sizes_of({in.height, in.width, 1, 0}, in.channels, in, output(layer, in)), false, false};
    }
    std::unique_ptr<BoundLayer> bind(const Component&, const Binding& b) const override {
        return std::make_unique<BoundPooling>(Pooled::mean, Window{b.src.shape.height, b.src.shape.width, 1, 0}, b);
    }
};

}  // namespace

std::unique_ptr<LayerType> make_max_pool() { return std::make_unique<WindowPool>(max_kind(), Pooled::largest); }
std::unique_ptr<LayerType> make_avg_pool() { return std::make_unique<WindowPool>(avg_kind(), Pooled::mean); }
std::unique_ptr<LayerType> make_global_avg_pool() { return std::make_unique<GlobalAvgPool>(); }

}  // namespace etude
