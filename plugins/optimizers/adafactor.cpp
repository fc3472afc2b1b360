#include <etude/plugin.hpp>

/// keep = 1 - n^-beta2_decay,  n = 1, 2, ...
/// Tensors of two dimensions and more, as matrices of fan-out rows:
///   R <- keep R + (1-keep) mean over the row of q        C <- keep C + (1-keep) mean over the column of q        V_ij = R_i C_j / mean(R)
/// Vectors: V <- keep V + (1-keep) q.       eps_place inside: q = g^2 + eps;   outside: q = g^2, V at least eps^2 and mean(R) at least eps
/// U = g / sqrt(V)        U <- U / max(1, rms(U) / threshold)
/// w <- w - rho max(scale_floor, rms(w)) U,   rho = min(lr, 1 / sqrt(n)), or lr without relative_step
/// R and C lie one after the other in a tensor's part of slot `squares`, vectors' V in the same.
///
/// Where implementations differ: the paper and Keras 3 have eps 1e-30 inside; PyTorch the machine epsilon of float at the end; Optax no
/// relative step, and factors only where both sides have 128 entries and more. For convolutions PyTorch and Keras factor over the kernel's
/// two places, Optax over the two longest dimensions, here fan-out against all the rest.
struct Adafactor {
    using Decay = etude::WeightDecay;
    using EpsPlace = etude::EpsPlace;

    double beta2_decay = 0.8, eps = FLT_EPSILON;
    EpsPlace eps_place = EpsPlace::outside;
    double scale_floor = 1e-3, threshold = 1;
    bool relative_step = true;
    std::int64_t factor_from = 2;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::decoupled;

    static constexpr auto name = "adafactor";
    static constexpr auto summary = "Adam's division with squares kept for rows and columns, and steps relative to the weights.";
    static constexpr auto source = "Shazeer & Stern 2018, arXiv:1804.04235, algorithms 4-6";
    static constexpr double lr = 0.01;
    static constexpr auto slots = etude::names("squares");
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta2_decay", &Adafactor::beta2_decay, etude::left_open(0, 1),
                                    "How the decay of squares nears 1: 1 - update^-this."),
                       etude::param("eps", &Adafactor::eps, etude::closed(0, 1), "Keeps the squares from 0."),
                       etude::param("eps_place", &Adafactor::eps_place, etude::eps_places,
                                    "inside: added to every square; outside: the least root of their mean (PyTorch)."),
                       etude::param("scale_floor", &Adafactor::scale_floor, etude::right_open(0, etude::infinity),
                                    "Least root mean square of weights that a step is relative to."),
                       etude::param("threshold", &Adafactor::threshold, etude::left_open(0, etude::infinity),
                                    "Largest root mean square of a tensor's step, before the rate."),
                       etude::param("relative_step", &Adafactor::relative_step, "Bound the rate by 1 / sqrt(update)."),
                       etude::param("factor_from", &Adafactor::factor_from, etude::right_open(2, etude::infinity),
                                    "Rows and columns that a matrix must have to be factored.")},
            etude::weight_decay_params<Adafactor>());
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("pytorch", Adafactor{}, "The plain defaults.").lr(0.01),
                          etude::preset("keras3", Adafactor{.eps = 1e-30, .eps_place = EpsPlace::inside}, "eps inside, rate .001.").lr(1e-3),
                          etude::preset("optax", Adafactor{.eps = 1e-30, .eps_place = EpsPlace::inside, .relative_step = false, .factor_from = 128},
                                        "Large matrices only, rate as given; it has no default rate."),
                          etude::preset("paper", Adafactor{.eps = 1e-30, .eps_place = EpsPlace::inside}, "Algorithm 6.").lr(0.01)};
    }

    void step(const etude::Step& s) const {
        const double n = double(s.index) + 1, fresh = std::pow(n, -beta2_decay);
        const bool inside = eps_place == EpsPlace::inside;
        const Squares squares{.keep = float(1 - fresh), .fresh = float(fresh), .add = inside ? float(eps) : 0.0f,
                              .least = std::max(inside ? 0.0f : float(eps * eps), FLT_MIN), .least_mean = inside ? 0.0 : eps};
        const etude::DecayFactors decay = etude::decay_factors(s, *this);
        const double rho = relative_step ? std::min(s.lr, 1 / std::sqrt(n)) : s.lr;
        s.each_tensor([&](etude::Step::Part part, const etude::Tensor& tensor) {
            const double count = double(part.end - part.begin);
            const double alpha = rho * std::max(scale_floor, etude::norm(s.weights, part) / std::sqrt(count));
            const etude::MatrixShape shape = etude::matrix_shape(tensor);
            const std::size_t least = std::size_t(factor_from);
            if (shape.rows >= least && shape.columns >= least) step_matrix(s, part, shape, squares, decay, alpha);
            else step_vector(s, part, squares, decay, alpha);
        });
    }

  private:
    struct Squares {
        float keep, fresh, add, least;
        double least_mean;
    };
    /// alpha / max(1, rms(U) / threshold)
    ETUDE_INLINE float bounded(double alpha, double sum, double count) const {
        return float(alpha / std::max(1.0, std::sqrt(sum / count) / threshold));
    }

    ETUDE_INLINE void step_vector(const etude::Step& s, etude::Step::Part part, const Squares& squares, const etude::DecayFactors& decay,
                                  double alpha) const {
        const float keep = squares.keep, fresh = squares.fresh, add = squares.add, least = squares.least, penalty = decay.penalty;
        s.each(part, [=](float& w, float g, float& v) {
            const float q = g + penalty * w;
            v = keep * v + fresh * (q * q + add);
        });
        const float *w = s.weights, *g = s.gradients, *v = s.slots[0];
        const double sum = etude::Step::sum(part.begin, part.end, [=](std::size_t i) {
            const double q = g[i] + penalty * w[i];
            return q * q / double(std::max(v[i], least));
        });
        const float rate = bounded(alpha, sum, double(part.end - part.begin));
        etude::each_decayed_by(s, part, decay, [=](float& weight, float q, float& square) {
            weight -= rate * (q / std::sqrt(std::max(square, least)));
        });
    }

    ETUDE_INLINE void step_matrix(const etude::Step& s, etude::Step::Part part, etude::MatrixShape shape, const Squares& squares,
                                  const etude::DecayFactors& decay, double alpha) const {
        const std::size_t rows = shape.rows, columns = shape.columns;
        float *const r = s.slots[0] + part.begin, *const c = r + rows;  // [rows], [columns]
        const float *const w = s.weights, *const g = s.gradients;
        const float penalty = decay.penalty, least = squares.least;
        const auto row = [=](std::size_t i) { return etude::Step::Part{part.begin + i * columns, part.begin + (i + 1) * columns}; };

        const float share = squares.fresh / float(rows);
        for (std::size_t j = 0; j < columns; ++j) c[j] = squares.keep * c[j] + squares.fresh * squares.add;
        double mean = 0;
        for (std::size_t i = 0; i < rows; ++i) {
            const std::size_t at = row(i).begin;
            r[i] = squares.keep * r[i] + squares.fresh * (float(etude::gradient_square(s, row(i), penalty) / double(columns)) + squares.add);
            mean += double(r[i]);
            ETUDE_VECTORIZE
            for (std::size_t j = 0; j < columns; ++j) {
                const float q = g[at + j] + penalty * w[at + j];
                c[j] += share * (q * q);
            }
        }
        mean = std::max({mean / double(rows), squares.least_mean, double(FLT_MIN)});

        double sum = 0;
        for (std::size_t i = 0; i < rows; ++i) {
            const std::size_t at = row(i).begin;
            const float scale = float(r[i] / mean);
            sum += etude::Step::sum(0, columns, [=](std::size_t j) {
                const double q = g[at + j] + penalty * w[at + j];
                return q * q / double(std::max(scale * c[j], least));
            });
        }
        const float rate = bounded(alpha, sum, double(rows * columns)), before = decay.before, after = decay.after;
        for (std::size_t i = 0; i < rows; ++i) {
            const std::size_t at = row(i).begin;
            const float scale = float(r[i] / mean);
            float* const weights = s.weights + at;
            const float* const gradients = s.gradients + at;
            ETUDE_VECTORIZE
            for (std::size_t j = 0; j < columns; ++j) {
                const float q = gradients[j] + penalty * weights[j], own = weights[j] - before * weights[j];
                const float moved = own - rate * (q / std::sqrt(std::max(scale * c[j], least)));
                weights[j] = moved - after * moved;
            }
        }
    }
};
ETUDE_PLUGIN(Adafactor)
