#include <cstring>
#include <etude/plugin.hpp>

/// Weights of two dimensions [rows, columns] = [fan-out, fan-in]:
///   b <- momentum b + q        G = b, or with nesterov momentum b + q;   q = g  (buffer)  or  (1 - momentum) g  (ema)
///   X = G / (|G| + 1e-7), `steps` times  A = X X^T, X <- 3.4445 X + (-4.775 A + 2.0315 A A) X:  the singular values of X go to about 1
///   w <- w - lr k X,   k = sqrt(max(1, rows / columns))  (original)   or   rms sqrt(max(rows, columns))  (match_rms)
/// All other tensors (bias, scale, shift, convolutions): AdamW at the rate adam_ratio lr. Weight decay for both at their own rates.
///
/// Where implementations differ: Keras and Moonlight scale by match_rms with .2, PyTorch and the authors as original. Both run the iteration in
/// bfloat16, here in float. The authors flatten convolutions to matrices and leave the output layer to Adam (rate 3e-4 for .02: their
/// preset); which tensor is the output a plugin cannot know. Keras stores kernels as [fan-in, fan-out], so its rows are our columns.
///
/// Memory: X and its next iterate, A and B = -4.775 A + 2.0315 A A lie in the tensor's own parts of four slots (AdamW's v is one of them).
/// They fit because X is transposed where rows > columns, so that A and B are of the smaller side. Time: `steps`
/// times 3 rows^2 columns + rows^3 multiplications and additions, rows the smaller side: for large batches, or for study.
struct Muon {
    enum class Form { buffer, ema };
    enum class Scale { original, match_rms };
    static constexpr auto forms = etude::names("buffer", "ema");
    static constexpr auto scales = etude::names("original", "match_rms");
    using Decay = etude::WeightDecay;
    using State = etude::BetaProducts;

    double momentum = 0.95;
    Form momentum_form = Form::ema;
    bool nesterov = true;
    std::int64_t steps = 5;
    Scale scale = Scale::original;
    double rms = 0.2;
    double adam_ratio = 1, beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
    double weight_decay = 0.1;
    Decay weight_decay_form = Decay::decoupled;

    static constexpr auto name = "muon";
    static constexpr auto summary = "Momentum with all singular values of a matrix's step made equal; the rest by AdamW.";
    static constexpr auto source = "Jordan et al. 2024, Muon: an optimizer for hidden layers; scales: Liu et al. 2025, arXiv:2502.16982, eq. 4";
    static constexpr double lr = 1e-3;
    static constexpr auto slots = etude::names("momentum", "square", "next", "gram", "polynomial");
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("momentum", &Muon::momentum, etude::right_open(0, 1), "Share of the momentum that is kept."),
                       etude::param("momentum_form", &Muon::momentum_form, forms,
                                    "buffer: a sum of gradients; ema: a mean of gradients. All but the same after normalisation."),
                       etude::param("nesterov", &Muon::nesterov, "Step by the gradient plus the momentum after it."),
                       etude::param("steps", &Muon::steps, etude::closed(1, 100), "Newton-Schulz iterations."),
                       etude::param("scale", &Muon::scale, scales,
                                    "original: root of rows / columns, at least 1; match_rms: rms x root of the longer side, as AdamW steps."),
                       etude::param("rms", &Muon::rms, etude::open(0, etude::infinity), "Root mean square of a step at rate 1, for match_rms."),
                       etude::param("adam_ratio", &Muon::adam_ratio, etude::right_open(0, etude::infinity),
                                    "Rate of AdamW's part over that of Muon's."),
                       etude::param("beta1", &Muon::beta1, etude::right_open(0, 1), "AdamW's decay of the mean of gradients."),
                       etude::param("beta2", &Muon::beta2, etude::right_open(0, 1), "AdamW's decay of the mean of squares."),
                       etude::param("eps", &Muon::eps, etude::closed(0, 1), "AdamW's, added to the root after bias correction.")},
            etude::weight_decay_params<Muon>());
    }
    static constexpr auto presets() {
        return std::tuple{
            etude::preset("pytorch", Muon{}, "torch.optim.Muon; what it does not take, AdamW's plain defaults.").lr(1e-3),
            etude::preset("keras3", Muon{.scale = Scale::match_rms, .eps = 1e-7, .weight_decay = 0.004},
                          "Steps as long as AdamW's, decay .004.").lr(1e-3),
            etude::preset("paper", Muon{.adam_ratio = 0.015, .beta2 = 0.95, .eps = 1e-10, .weight_decay = 0},
                          "The authors' code: .02, and 3e-4 for the rest.").lr(0.02)};
    }
    static constexpr auto state() { return State::table(); }

    void step(const etude::Step& s, State& state) const {
        state.product1 *= beta1;
        state.product2 *= beta2;
        s.each_tensor([&](etude::Step::Part part, const etude::Tensor& tensor) {
            if (tensor.rank == 2 && tensor.role == ETUDE_WEIGHT) orthogonal_step(s, part, etude::matrix_shape(tensor));
            else adam_step(s, part, state);
        });
    }

  private:
    ETUDE_INLINE void adam_step(const etude::Step& s, etude::Step::Part part, const State& state) const {
        const double applied = adam_ratio * s.lr;
        const float b1 = float(beta1), a1 = float(1 - beta1), b2 = float(beta2), a2 = float(1 - beta2), e = etude::denominator_eps(eps);
        const float rate = float(applied / (1 - state.product1)), u = float(1 / (1 - state.product2));
        const etude::DecayFactors decay = etude::decay_factors(s, weight_decay, weight_decay_form, applied);
        etude::each_decayed_by(s, part, decay, [=](float& w, float g, float& m, float& v) {
            m = b1 * m + a1 * g;
            v = b2 * v + a2 * (g * g);
            w -= rate * m / (std::sqrt(v * u) + e);
        });
    }

    ETUDE_INLINE void orthogonal_step(const etude::Step& s, etude::Step::Part part, etude::MatrixShape shape) const {
        const etude::DecayFactors decay = etude::decay_factors(s, *this);
        const float keep = float(momentum), take = float(momentum_form == Form::ema ? 1 - momentum : 1.0), penalty = decay.penalty;
        const float of_momentum = nesterov ? keep : 1.0f, of_gradient = nesterov ? take : 0.0f;
        s.each(part, [=](float& w, float g, float& b, float& direction) {
            const float q = g + penalty * w;
            b = keep * b + take * q;
            direction = of_momentum * b + of_gradient * q;
        });
        const bool turned = shape.rows > shape.columns;
        const std::size_t r = std::min(shape.rows, shape.columns), c = std::max(shape.rows, shape.columns);
        float *x = s.slots[1] + part.begin, *next = s.slots[2] + part.begin;                     // [r, c] both
        float *const a = s.slots[3] + part.begin, *const b = s.slots[4] + part.begin;            // [r, r] both
        const float size = float(1 / (etude::norm(s.slots[1], part) + 1e-7));
        if (turned) {
            transpose(x, next, c, r);
            std::swap(x, next);
        }
        for (std::size_t i = 0; i < r * c; ++i) x[i] *= size;
        for (std::int64_t k = 0; k < steps; ++k) {
            transpose(x, next, r, c);
            multiply(a, x, next, r, c, r, Part::symmetric);
            multiply(b, a, a, r, r, r, Part::symmetric);
            combine(b, -4.775f, a, 2.0315f, r * r);
            multiply(next, b, x, r, r, c, Part::all);
            combine(next, 3.4445f, x, 1.0f, r * c);
            std::swap(x, next);
        }
        if (turned) {
            transpose(x, next, r, c);
            std::swap(x, next);
        }
        const double longer = std::sqrt(double(c)), ratio = std::sqrt(std::max(1.0, double(shape.rows) / double(shape.columns)));
        const float rate = float(s.lr * (scale == Scale::original ? ratio : rms * longer)), before = decay.before, after = decay.after;
        float* const w = s.weights + part.begin;
        const float* const step = x;
        ETUDE_VECTORIZE
        for (std::size_t i = 0; i < r * c; ++i) {
            const float moved = w[i] - before * w[i] - rate * step[i];
            w[i] = moved - after * moved;
        }
    }

    /// to[j, i] = from[i, j], i < rows, j < columns; in blocks that stay in the nearest cache.
    ETUDE_INLINE static void transpose(const float* from, float* to, std::size_t rows, std::size_t columns) {
        constexpr std::size_t block = 16;
        for (std::size_t i0 = 0; i0 < rows; i0 += block)
            for (std::size_t j0 = 0; j0 < columns; j0 += block)
                for (std::size_t j = j0; j < std::min(j0 + block, columns); ++j)
                    for (std::size_t i = i0; i < std::min(i0 + block, rows); ++i) to[j * rows + i] = from[i * columns + j];
    }

    /// out <- alpha add + beta out, n floats.
    ETUDE_INLINE static void combine(float* out, float alpha, const float* add, float beta, std::size_t n) {
        ETUDE_VECTORIZE
        for (std::size_t i = 0; i < n; ++i) out[i] = alpha * add[i] + beta * out[i];
    }

    /// Sixteen floats: one register or several, the same bits either way. In memory they need not be aligned.
    typedef float Lanes __attribute__((vector_size(64), aligned(4), may_alias));
    static constexpr std::size_t lanes = 16, depth = 128;

    enum class Part { all, symmetric };
    /// out = left right, left [m, k], right [k, n]. Sixteen columns at a time, `depth` of their rows packed into the nearest cache; every
    /// element is summed in the order of k. A product known to be symmetric is computed up to its diagonal and mirrored.
    ETUDE_INLINE static void multiply(float* out, const float* left, const float* right, std::size_t m, std::size_t k, std::size_t n, Part part) {
        alignas(64) float packed[depth * lanes];
        for (std::size_t j = 0; j < n; j += lanes) {
            const std::size_t width = std::min(lanes, n - j), top = part == Part::symmetric ? j : 0;
            for (std::size_t from = 0; from < k; from += depth) {
                const std::size_t deep = std::min(depth, k - from);
                for (std::size_t q = 0; q < deep; ++q)
                    for (std::size_t l = 0; l < lanes; ++l) packed[q * lanes + l] = l < width ? right[(from + q) * n + j + l] : 0.0f;
                std::size_t i = top;
                for (; i + 6 <= m; i += 6) panel<6>(out + i * n + j, n, width, left + i * k + from, k, packed, deep, from > 0);
                for (; i < m; ++i) panel<1>(out + i * n + j, n, width, left + i * k + from, k, packed, deep, from > 0);
            }
        }
        if (part == Part::all) return;
        for (std::size_t i = 0; i < m; ++i)
            for (std::size_t j = i + 1; j < n; ++j) out[i * n + j] = out[j * n + i];
    }
    /// P rows and `width` columns of out get `deep` more products; `begun`: added to what is there.
    template <std::size_t P>
    ETUDE_INLINE static void panel(float* out, std::size_t out_stride, std::size_t width, const float* left, std::size_t left_stride,
                                   const float* packed, std::size_t deep, bool begun) {
        Lanes sum[P] = {};
        if (begun)
            for (std::size_t p = 0; p < P; ++p) std::memcpy(&sum[p], out + p * out_stride, width * sizeof(float));
        for (std::size_t q = 0; q < deep; ++q) {
            const Lanes& row = *reinterpret_cast<const Lanes*>(packed + q * lanes);
            for (std::size_t p = 0; p < P; ++p) sum[p] += left[p * left_stride + q] * row;
        }
        for (std::size_t p = 0; p < P; ++p) std::memcpy(out + p * out_stride, &sum[p], width * sizeof(float));
    }
};
ETUDE_PLUGIN(Muon)
