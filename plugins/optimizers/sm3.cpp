#include <etude/plugin.hpp>

/// Tensors of two dimensions and more, as matrices of fan-out rows:
///   n_ij = min(R_i, C_j) + g_ij^2        R_i = largest n_ij of the row        C_j = largest n_ij of the column
/// Vectors: n <- n + g^2.        u = g / sqrt(n + eps), 0 where n = 0        m <- momentum m + (1 - momentum) u        w <- w - lr m
/// R and C lie one after the other in a tensor's part of slot `largest`, vectors' n in the same; `next` is scratch for the new C.
///
/// A convolution's kernels have one C for (input channel, place); Optax and the authors keep one maximum for every dimension. Where
/// implementations differ otherwise: Optax has eps 1e-8 under the root, the paper none.
struct Sm3 {
    using Decay = etude::WeightDecay;

    double momentum = 0.9, eps = 0;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    static constexpr auto name = "sm3";
    static constexpr auto summary = "Adagrad with a sum for every row and column in place of every weight.";
    static constexpr auto source = "Anil et al. 2019, arXiv:1901.11150, algorithm SM3-II";
    static constexpr double lr = 0.1;
    static constexpr auto slots = etude::names("momentum", "largest", "next");
    static constexpr auto params() {
        return std::tuple_cat(std::tuple{etude::param("momentum", &Sm3::momentum, etude::right_open(0, 1),
                                                      "Decay of the mean of steps; 0 turns it off."),
                                         etude::param("eps", &Sm3::eps, etude::closed(0, 1), "Added under the root.")},
                              etude::weight_decay_params<Sm3>());
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("optax", Sm3{.eps = 1e-8}, "optax.sm3; it has no default rate."),
                          etude::preset("paper", Sm3{}, "No eps, momentum .9.").lr(0.1)};
    }

    void step(const etude::Step& s) const {
        const etude::DecayFactors decay = etude::decay_factors(s, *this);
        s.each_tensor([&](etude::Step::Part part, const etude::Tensor& tensor) {
            const etude::MatrixShape shape = etude::matrix_shape(tensor);
            if (shape.rows > 1 && shape.columns > 1) return step_matrix(s, part, shape, decay);
            const Kernel kernel = kernel_of(s, decay);
            s.each(part, [=](float& w, float g, float& m, float& n) {
                const float q = g + kernel.decay.penalty * w;
                n += q * q;
                kernel(w, q, n, m);
            });
        });
    }

  private:
    struct Kernel {
        etude::DecayFactors decay;
        float keep, take, eps, rate;
        ETUDE_INLINE void operator()(float& w, float q, float n, float& m) const {
            m = keep * m + take * (q / std::sqrt(std::max(n + eps, FLT_MIN)));
            w -= decay.before * w;
            w -= rate * m;
            w -= decay.after * w;
        }
    };
    ETUDE_INLINE Kernel kernel_of(const etude::Step& s, const etude::DecayFactors& decay) const {
        return {decay, float(momentum), float(1 - momentum), float(eps), float(s.lr)};
    }

    ETUDE_INLINE void step_matrix(const etude::Step& s, etude::Step::Part part, etude::MatrixShape shape, const etude::DecayFactors& decay) const {
        const Kernel kernel = kernel_of(s, decay);
        float *const rows = s.slots[1] + part.begin, *const columns = rows + shape.rows, *const next = s.slots[2] + part.begin;
        for (std::size_t j = 0; j < shape.columns; ++j) next[j] = 0.0f;
        for (std::size_t i = 0; i < shape.rows; ++i) {
            const std::size_t at = part.begin + i * shape.columns;
            float *const w = s.weights + at, *const m = s.slots[0] + at;
            const float *const g = s.gradients + at;
            const float row = rows[i], penalty = decay.penalty;
            rows[i] = largest(shape.columns, [=](std::size_t j) {
                const float q = g[j] + penalty * w[j];
                return std::min(row, columns[j]) + q * q;
            });
            ETUDE_VECTORIZE
            for (std::size_t j = 0; j < shape.columns; ++j) {
                const float q = g[j] + penalty * w[j], n = std::min(row, columns[j]) + q * q;
                next[j] = std::max(next[j], n);
                kernel(w[j], q, n, m[j]);
            }
        }
        for (std::size_t j = 0; j < shape.columns; ++j) columns[j] = next[j];
    }

    /// Of f(j) >= 0 for j < n, in sixteen lanes.
    template <class F> ETUDE_INLINE static float largest(std::size_t n, F f) {
        float lane[16] = {};
        std::size_t j = 0;
        for (; j + 16 <= n; j += 16)
            for (std::size_t k = 0; k < 16; ++k) lane[k] = std::max(lane[k], f(j + k));
        for (; j < n; ++j) lane[0] = std::max(lane[0], f(j));
        float all = 0;
        for (const float l : lane) all = std::max(all, l);
        return all;
    }
};
ETUDE_PLUGIN(Sm3)
