#include "plugin/aliases.hpp"

#include <fmt/format.h>

#include <array>

namespace etude {
namespace {

constexpr auto schedule = PluginKind::schedule;
constexpr auto optimizer = PluginKind::optimizer;

// Sources: PyTorch's lr_scheduler and optim, Keras' optimizers, schedules and callbacks, Optax' schedules, timm's schedulers, transformers'
// optimization, MXNet's lr_scheduler, fastai's callback.schedule. A name that two of them use differently stands for neither.
constexpr std::array table{
    Alias{"ConstantLR", schedule, "constant", "{name: constant, warmup: {length: {epochs: 5}, from_ratio: 0.3333, shape: constant}}"},
    Alias{"ExponentialLR", schedule, "exponential", "{name: exponential, rate: 0.95, unit: epoch}"},
    Alias{"ExponentialDecay", schedule, "exponential", "{name: exponential, rate: 0.96, every: {updates: 1000}}"},
    Alias{"FactorScheduler", schedule, "step", "{name: step, preset: mxnet, size: {updates: 1000}}"},
    Alias{"StepLR", schedule, "step", "{name: step, preset: pytorch, size: {epochs: 30}}"},
    Alias{"staircase", schedule, "step", "{name: step, size: {epochs: 30}}"},
    Alias{"MultiFactorScheduler", schedule, "multi_step", "{name: multi_step, milestones: [{updates: 3000}, {updates: 6000}], gamma: 0.1}"},
    Alias{"MultiStepLR", schedule, "multi_step", "{name: multi_step, milestones: [{epochs: 30}, {epochs: 80}], gamma: 0.1}"},
    Alias{"PiecewiseConstantDecay", schedule, "piecewise_constant",
          "{name: piecewise_constant, preset: keras, boundaries: [{updates: 1000}], values: [0.1, 0.01]}"},
    Alias{"piecewise_constant_schedule", schedule, "piecewise_constant",
          "{name: piecewise_constant, preset: optax, boundaries: [{updates: 1000}], scales: [0.1]}"},
    Alias{"combine_scheds", schedule, "piecewise_interpolate",
          "{name: piecewise_interpolate, preset: fastai, at: [0, {fraction: 0.3}, {fraction: 1}], values: [0.01, 0.1, 0]}"},
    Alias{"InverseTimeDecay", schedule, "inverse_time", "{name: inverse_time, k: 0.5, every: {updates: 1000}}"},
    Alias{"time_decay", schedule, "inverse_time", "{name: inverse_time, k: 1e-4}"},
    Alias{"decay", schedule, "inverse_time", "{name: inverse_time, preset: keras2, k: 1e-4}"},
    Alias{"SquareRootScheduler", schedule, "power_decay", "{name: power_decay, p: 0.5}"},
    Alias{"invscaling", schedule, "power_decay", "{name: power_decay, p: 0.5}"},
    Alias{"inv", schedule, "power_decay", "{name: power_decay, p: 0.75, k: 1e-4}"},
    Alias{"PolynomialDecay", schedule, "polynomial", "{name: polynomial, preset: keras}"},
    Alias{"polynomial_schedule", schedule, "polynomial", "{name: polynomial, preset: optax}"},
    Alias{"PolynomialLR", schedule, "polynomial", "{name: polynomial, preset: pytorch}"},
    Alias{"PolyScheduler", schedule, "polynomial", "{name: polynomial, preset: mxnet}"},
    Alias{"poly", schedule, "polynomial", "{name: polynomial, power: 0.9}"},
    Alias{"LinearLR", schedule, "constant", "{name: constant, warmup: {length: {epochs: 5}, from_ratio: 0.3333, ends: half_open}}"},
    Alias{"linear_to_zero", schedule, "linear", "{name: linear, end: 0}"},
    Alias{"linear_schedule", schedule, "linear", "{name: linear, preset: optax}"},
    Alias{"get_linear_schedule_with_warmup", schedule, "linear",
          "{name: linear, ends: half_open, warmup: {length: {updates: 100}, ends: half_open}}"},
    Alias{"CosineAnnealingLR", schedule, "cosine", "{name: cosine, preset: pytorch}"},
    Alias{"CosineDecay", schedule, "cosine", "{name: cosine, preset: keras}"},
    Alias{"cosine_decay_schedule", schedule, "cosine", "{name: cosine, preset: optax}"},
    Alias{"CosineScheduler", schedule, "cosine", "{name: cosine, preset: mxnet}"},
    Alias{"cosine_annealing", schedule, "cosine", "{name: cosine}"},
    Alias{"cosine_power", schedule, "cosine", "{name: cosine, power: 2}"},
    Alias{"k_decay", schedule, "cosine", "{name: cosine, k_decay: 2}"},
    Alias{"warmup_cosine", schedule, "cosine", "{name: cosine, warmup: {length: {epochs: 5}}}"},
    Alias{"warmup_cosine_decay_schedule", schedule, "cosine", "{name: cosine, preset: optax, warmup: {length: {epochs: 5}, ends: half_open}}"},
    Alias{"CosineAnnealingWarmRestarts", schedule, "cosine_restarts", "{name: cosine_restarts, preset: pytorch, first: {epochs: 10}}"},
    Alias{"CosineDecayRestarts", schedule, "cosine_restarts", "{name: cosine_restarts, preset: keras, first: {updates: 1000}}"},
    Alias{"sgdr", schedule, "cosine_restarts", "{name: cosine_restarts, first: {epochs: 10}}"},
    Alias{"sgdr_schedule", schedule, "cosine_restarts", "{name: cosine_restarts, first: {epochs: 10}}"},
    Alias{"fit_sgdr", schedule, "cosine_restarts", "{name: cosine_restarts, first: {epochs: 10}}"},
    Alias{"TanhLRScheduler", schedule, "tanh", "{name: tanh, preset: timm}"},
    Alias{"transformer", schedule, "noam", "{name: noam, d_model: 512}"},
    Alias{"trapezoidal", schedule, "wsd", "{name: wsd, decay: {fraction: 0.2}, decay_shape: linear, warmup: {length: {epochs: 5}}}"},
    Alias{"warmup_stable_decay", schedule, "wsd", "{name: wsd, preset: transformers, decay: {fraction: 0.1}, warmup: {length: {epochs: 5}}}"},
    Alias{"fit_flat_cos", schedule, "flat_cos", "{name: flat_cos, preset: fastai}"},
    Alias{"CyclicLR", schedule, "cyclic", "{name: cyclic, preset: pytorch, max: 0.1}"},
    Alias{"triangular", schedule, "cyclic", "{name: cyclic, mode: triangular, max: 0.1}"},
    Alias{"triangular2", schedule, "cyclic", "{name: cyclic, mode: triangular2, max: 0.1}"},
    Alias{"exp_range", schedule, "cyclic", "{name: cyclic, mode: exp_range, gamma: 0.9999, max: 0.1}"},
    Alias{"OneCycleLR", schedule, "one_cycle", "{name: one_cycle, preset: pytorch, max: 0.1}"},
    Alias{"fit_one_cycle", schedule, "one_cycle", "{name: one_cycle, preset: fastai, max: 0.1}"},
    Alias{"cosine_onecycle_schedule", schedule, "one_cycle", "{name: one_cycle, preset: optax, max: 0.1}"},
    Alias{"linear_onecycle_schedule", schedule, "one_cycle", "{name: one_cycle, preset: optax_linear, max: 0.1}"},
    Alias{"super_convergence", schedule, "one_cycle", "{name: one_cycle, max: 0.1}"},
    Alias{"SWALR", schedule, "swa_anneal", "{name: swa_anneal, preset: pytorch, swa_lr: 0.05}"},
    Alias{"lr_range_linear", schedule, "linear", "{name: linear, end: 1}"},
    Alias{"lr_range_exp", schedule, "exponential", "{name: exponential, rate: 1e6, every: {fraction: 1}}"},
    Alias{"LambdaLR", schedule, "expression", "{name: expression, formula: 'lr0 * 0.95^e'}"},
    Alias{"LearningRateScheduler", schedule, "expression", "{name: expression, formula: 'lr0 * 0.95^e'}"},
    Alias{"MultiplicativeLR", schedule, "expression", "{name: expression, formula: 'lr0 * 0.95^e'}"},
    Alias{"lr_noise", schedule, "noise", "{name: noise}"},
    Alias{"ReduceLROnPlateau", schedule, "plateau", "{name: plateau, preset: pytorch}"},
    Alias{"reduce_on_plateau", schedule, "plateau", "{name: plateau, preset: optax}"},
    Alias{"GreedyLR", schedule, "greedy", "{name: greedy, preset: transformers, max: 0.1}"},
    Alias{"SequentialLR", schedule, "", "{sequence: [{name: constant, for: {epochs: 5}}, {name: cosine}]}"},
    Alias{"join_schedules", schedule, "", "{sequence: [{name: constant, for: {epochs: 5}}, {name: cosine}]}"},
    Alias{"ChainedScheduler", schedule, "", "{product: [{name: cosine}, {name: step, size: {epochs: 30}}]}"},
    Alias{"warmup", schedule, "constant", "{name: constant, warmup: {length: {epochs: 5}}}"},
    Alias{"constant_with_warmup", schedule, "constant", "{name: constant, warmup: {length: {epochs: 5}}}"},

    Alias{"momentum", optimizer, "sgd", "{name: sgd, lr: 0.01, momentum: 0.9}"},
    Alias{"nesterov", optimizer, "sgd", "{name: sgd, lr: 0.01, momentum: 0.9, nesterov: true}"},
    Alias{"NAG", optimizer, "sgd", "{name: sgd, lr: 0.01, momentum: 0.9, nesterov: true}"},
    Alias{"gradient_descent", optimizer, "sgd", "{name: sgd, lr: 0.01}"},
    Alias{"FollowTheRegularizedLeader", optimizer, "ftrl", "{name: ftrl}"},
    Alias{"Sophia", optimizer, "sophia_g", "{name: sophia_g}"},
    Alias{"AdamWScheduleFree", optimizer, "schedule_free_adamw", "{name: schedule_free_adamw}"},
    Alias{"SGDScheduleFree", optimizer, "schedule_free_sgd", "{name: schedule_free_sgd}"},
    Alias{"DoWG", optimizer, "dog", "{name: dog, form: dowg}"},
    Alias{"SPS", optimizer, "polyak_sgd", "{name: polyak_sgd}"},
    Alias{"noisy_sgd", optimizer, "sgld", "{name: sgld}"},
    Alias{"hypergradient", optimizer, "sgd_hd", "{name: sgd_hd}"},
};

/// The next letter or digit of `name` at or after `at`, in small; 0 at the end.
char next_letter(std::string_view name, std::size_t& at) {
    while (at < name.size() && (name[at] == '_' || name[at] == '-')) ++at;
    if (at == name.size()) return 0;
    const char c = name[at++];
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_the_same_name(std::string_view a, std::string_view b) {
    for (std::size_t i = 0, j = 0;;) {
        const char x = next_letter(a, i), y = next_letter(b, j);
        if (x != y) return false;
        if (x == 0) return true;
    }
}

}  // namespace

std::span<const Alias> aliases() { return table; }

const Alias* find_alias(PluginKind kind, std::string_view name) {
    for (const Alias& alias : table)
        if (alias.kind == kind && is_the_same_name(alias.name, name)) return &alias;
    return nullptr;
}

std::string alias_text(const Alias& alias) {
    const std::string_view who = alias.plugin.empty() ? "several schedules in one" : alias.plugin;
    return fmt::format("{} is {}: {}", alias.name, who, alias.written);
}

}  // namespace etude
