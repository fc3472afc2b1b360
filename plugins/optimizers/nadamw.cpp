#include <etude/plugin.hpp>

/// As nadam, its momentum constant, with the decay taken off the weight before the step:
/// m <- b1 m + (1-b1) g        v <- b2 v + (1-b2) g^2        w <- w - lr wd w
/// w <- w - lr ((1-b1) g / (1 - prod b1) + b1 m / (1 - b1 prod b1)) / (sqrt(v / (1 - prod b2)) + eps)
///
/// Where implementations differ: Optax has this form with decay 1e-4; timm corrects both parts by 1 - prod b1 (form alike), decay .01;
/// PyTorch's NAdam(decoupled_weight_decay=True) keeps the scheduled momentum of nadam, a rate of .002, and decay 0 unless asked for.
struct NadamW {
    using Decay = etude::WeightDecay;
    using Form = etude::NadamForm;
    using State = etude::BetaProducts;

    double beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
    Form form = Form::constant;
    double momentum_decay = 0.004;
    double weight_decay = 0.01;
    Decay weight_decay_form = Decay::decoupled;

    static constexpr auto name = "nadamw";
    static constexpr auto summary = "Nadam with weight decay taken off the weights.";
    static constexpr auto source = "Dozat 2016, algorithm 2; Loshchilov & Hutter 2019, arXiv:1711.05101";
    static constexpr double lr = 1e-3;
    static constexpr auto slots = etude::names("m", "v");
    static constexpr bool elementwise = true;
    static constexpr auto params() { return std::tuple_cat(etude::nadam_params<NadamW>(), etude::weight_decay_params<NadamW>()); }
    static constexpr auto presets() {
        return std::tuple{
            etude::preset("pytorch", NadamW{.form = Form::scheduled, .weight_decay = 0},
                          "NAdam(decoupled_weight_decay=True): scheduled momentum, no decay unless asked for.").lr(2e-3),
            etude::preset("optax", NadamW{.weight_decay = 1e-4}, "optax.nadamw, decay 1e-4; it has no default rate."),
            etude::preset("timm", NadamW{.form = Form::alike}, "Both parts corrected alike, decay .01.").lr(1e-3)};
    }
    static constexpr auto state() { return State::table(); }

    void step(const etude::Step& s, State& products) const { etude::nadam_step(*this, s, products); }
};
ETUDE_PLUGIN(NadamW)
