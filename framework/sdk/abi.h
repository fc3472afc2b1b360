/* framework/sdk/abi.h - the binary contract between Etude and a plugin. C11, no dependency.
 *
 * A plugin library exports ONE constant data symbol, `etude_plugin`. Everything it leads to is
 * constant-initialised: the host lists, describes and checks a plugin without calling it.
 *
 * Evolution. The host loads its own ETUDE_ABI_MAJOR only, and minors up to its own.
 *   - A struct that travels alone starts with `size` (bytes the maker knew) and grows at its end.
 *   - A struct that sits in an array has its stride in the owner (`param_size`, `tensor_size`, ...), so it grows too.
 *   - Nothing is embedded by value, except etude_value and etude_length, which are frozen within a major.
 *   - A field that lies beyond `size` is absent and reads as 0 / null. New fields mean "as before" when 0.
 * Lifetime. The table and all it points to live as long as the process (libraries are never unloaded).
 *   Text, lists and values passed to `create` are the host's and outlive the configuration. Everything in
 *   step, clock and report is valid for the call only.
 * Threads. A configuration belongs to one trial, and one trial runs on one thread: calls on ONE configuration
 *   never overlap, except `step` of an elementwise optimizer on disjoint ranges. Different ones run in parallel.
 * No function may print, lock, keep a pointer it was lent, read a clock, or throw.
 */
#ifndef ETUDE_SDK_ABI_H
#define ETUDE_SDK_ABI_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

#define ETUDE_MAGIC 0x44555445u /* "ETUD" */
#define ETUDE_ABI_MAJOR 1u
#ifndef ETUDE_ABI_MINOR
#define ETUDE_ABI_MINOR 1u
#endif
#define ETUDE_ALIGNMENT 64u /* bytes; every float buffer of the host, and the place of a configuration */

/* ---- parameters ------------------------------------------------------------------------------- */

enum etude_type {
  ETUDE_REAL = 1, ETUDE_INTEGER, ETUDE_FLAG, ETUDE_CHOICE, ETUDE_LENGTH, ETUDE_REALS, ETUDE_LENGTHS, ETUDE_TEXT
};
enum etude_unit { /* of a length */
  ETUDE_TICKS = 0, /* in the schedule's own `unit`; a bare number in YAML. The ONLY unit `create` ever sees */
  ETUDE_UPDATES, ETUDE_EPOCHS,
  ETUDE_FRACTION   /* of the time this schedule has; 1 is all of it */
};
typedef struct etude_length { double amount; uint32_t unit, reserved; } etude_length;

/* 16 bytes; which member is meant follows from the parameter's type. */
typedef union etude_value {
  double real;                                              /* REAL */
  int64_t integer;                                          /* INTEGER; FLAG: 0, 1; CHOICE: index into `words` */
  etude_length length;                                      /* LENGTH */
  struct { const double* data; size_t count; } reals;       /* REALS */
  struct { const etude_length* data; size_t count; } lengths; /* LENGTHS */
  struct { const char* data; size_t count; } text;          /* TEXT: UTF-8, also NUL-terminated */
} etude_value;

enum etude_param_flag {
  ETUDE_MIN_OPEN = 1u << 0, ETUDE_MAX_OPEN = 1u << 1,
  ETUDE_REQUIRED = 1u << 2,   /* no default */
  ETUDE_RATE = 1u << 3,       /* REAL, REALS: same quantity as what is scheduled. YAML also takes NAME_ratio: the host multiplies by the base */
  ETUDE_SPAN = 1u << 4,       /* LENGTH, at most one: where the shape ends; `after:` acts there. plugin.hpp sets it where the default is whole_run */
  ETUDE_INCREASING = 1u << 5, /* REALS, LENGTHS: strictly increasing */
  ETUDE_FILE = 1u << 6        /* TEXT: names a file; `create` gets the file's content */
};
typedef struct etude_param {
  const char *name, *doc;      /* snake_case; one sentence with the unit */
  const char* const* words;    /* CHOICE: null-terminated; else null */
  etude_value fallback;        /* the default */
  const char* relative_to;     /* null, or a parameter declared before this one, or "lr" (the base): default = fallback x that */
  double min, max;             /* REAL, INTEGER, amount of a LENGTH, every element of a list; else 0, 0 */
  uint32_t type, flags;
} etude_param;

/* How a schedule counts its ticks, which tick sees the last value of a length, and what holds after the span. */
enum etude_schedule_unit { ETUDE_BY_UPDATE = 0, ETUDE_BY_EPOCH = 1, ETUDE_BY_EPOCH_FRAC = 2, ETUDE_BY_FRACTION = 3 };
enum etude_ends { ETUDE_CLOSED = 0, ETUDE_HALF_OPEN = 1, ETUDE_SHIFTED = 2 };
enum etude_after { ETUDE_HOLD = 0, ETUDE_ZERO = 1, ETUDE_REFUSE = 2, ETUDE_REPEAT = 3, ETUDE_EXTRAPOLATE = 4 };
/* For a schedule a preset may also set unit, ends and after: the enum's value + 1, or 0 for "as the core". */
typedef struct etude_preset {
  const char *name, *doc;      /* keras2, keras3, pytorch, optax, paper, ... */
  const etude_value* values;   /* one per parameter, in declared order; those equal to the default are not "changed" */
  double lr;                   /* the base rate that goes with it; 0: none, the study must say */
  uint32_t unit, ends, after, reserved;
} etude_preset;

/* A double the host keeps for the plugin, saved with the trial; or `count` of them in a row (0 and 1: one), all with the same initial value. */
typedef struct etude_scalar { const char* name; double initial; size_t count; } etude_scalar;

typedef struct etude_error { size_t size; char message[512]; } etude_error; /* host-owned; NUL-terminated */

/* ---- optimizer -------------------------------------------------------------------------------- */

enum etude_role { ETUDE_WEIGHT = 0, ETUDE_BIAS = 1, ETUDE_SCALE = 2, ETUDE_SHIFT = 3 };
typedef struct etude_tensor {
  size_t offset, count; /* in floats from the start of the flat buffer; tensors tile it */
  size_t dims[5];       /* row-major, fan-out first: [out, in], [out, in/groups, kh, kw]; unused are 1 */
  uint32_t rank, role;
  uint32_t groups, reserved;
} etude_tensor;

typedef struct etude_step {
  size_t size;
  uint64_t index;             /* of this update; 0 is the first */
  uint64_t total, per_epoch;  /* updates of the run, of an epoch */
  double lr;                  /* base rate x factor of this update */
  double base_lr;             /* the base rate alone; lr / base_lr is the schedule's factor */
  double loss;                /* mean loss of the batch the gradient is from */
  uint64_t seed;              /* of the run: all randomness is a function of (seed, index, place in the flat buffer) */
  uint64_t samples, batch;    /* training samples in all, and in this batch */
  size_t first, n;            /* this call updates [first, first + n) of the flat buffer; buffers below start AT first */
  float* weights;
  const float* gradients;     /* of the mean loss; clipping and accumulation are done */
  float* const* slots;        /* zero before update 0 */
  double* scalars;            /* `initial` before update 0 */
  const etude_tensor* tensors; /* those that [first, first + n) touches; offsets count from the start of the flat buffer */
  size_t n_tensors, tensor_size;
#if ETUDE_ABI_MINOR >= 1        /* what `probe` asked for in this update; 0 and null where it did not */
  uint32_t probes, reserved;
  const double* probe_loss;     /* [probes] mean loss at each point */
  const float* probe_gradients; /* at the last point, from `first` on; null with ETUDE_PROBE_LOSS_ALONE */
#endif
} etude_step;

enum etude_isa { ETUDE_BASE = 0, ETUDE_X86_V3 = 1, ETUDE_X86_V4 = 2, ETUDE_ISAS = 4 };
enum etude_optimizer_flag {
  /* Element i of weights and slots depends on element i (and on which tensor it is in) alone: the host may split [0, n) anywhere.
   * Without this flag it may split between tensors only. Either way new scalars depend on (index, lr, loss, old scalars) alone: each
   * part gets the scalars as before the update, and those that the first part leaves are kept. */
  ETUDE_ELEMENTWISE = 1u << 0,
  /* A sum over all weights enters the step (a norm, an inner product): every call updates all of the buffer, new scalars may depend
   * on anything. Excludes ETUDE_ELEMENTWISE. */
  ETUDE_GLOBAL = 1u << 1
};
#if ETUDE_ABI_MINOR >= 1
enum etude_probe_flag {
  ETUDE_PROBE_LOSS_ALONE = 1u << 0 /* no gradients are wanted: the host goes forward only */
};
#endif
typedef struct etude_optimizer {
  size_t size;
  uint32_t flags, reserved;
  const char* const* slots;   /* null-terminated names */
  /* [required: ETUDE_BASE] One function compiled for each instruction set; identical bits. The host calls the best one that is
   * there and that the CPU runs. Returns 0, or non-zero after writing *error. Does not allocate. */
  int (*step[ETUDE_ISAS])(const void* self, const etude_step*, etude_error*);
  /* [optional] Writes the weights to evaluate and export at: those of an average, not of the iterate. */
  int (*evaluation_point)(const void* self, const etude_step*, float* point, etude_error*);
#if ETUDE_ABI_MINOR >= 1
  /* [optional] Called before `step`, with the whole buffer. Returns 1 to be told loss and gradient of the SAME samples (the same dropout
   * masks, batch-norm statistics left alone) at `point`, of which it writes every element; 0 when it has seen enough; a negative number
   * after writing *error. It changes nothing but `point`. The host calls it again after each answer, and at most `max_probes` times in all;
   * then comes `step`, which sees the answers too. A second gradient: ask once. A line search: until it is satisfied. */
  int (*probe)(const void* self, const etude_step*, float* point, etude_error*);
  uint32_t max_probes, probe_flags;
#endif
} etude_optimizer;

/* ---- schedule --------------------------------------------------------------------------------- */

/* Time as THIS schedule sees it: the host has taken off warm-up and earlier phases, and converted units. */
typedef struct etude_clock {
  size_t size;
  double x;                    /* ticks since this schedule began, >= 0 */
  double tick;                 /* distance of two neighbouring x: 1, or 1/per_epoch (epoch_frac), or 1/total (fraction) */
  double span;                 /* ticks this schedule has */
  double base_lr;              /* base of what is scheduled: usually the rate; > 0 */
  uint64_t update, total, per_epoch; /* of the run, untouched: for noise and records, not for shape */
  uint64_t seed;               /* of the run */
  uint32_t ends;               /* enum etude_ends */
  uint32_t unclamped;          /* after: extrapolate */
} etude_clock;

typedef struct etude_report {
  size_t size;
  uint64_t update, epoch;      /* updates done, epochs finished */
  double value;                /* the monitored metric; may be NaN */
  double sign;                 /* +1: smaller is better; -1: larger is better */
  double base_lr;              /* as in the clock: for bounds and margins that are rates */
  double train_loss, train_accuracy, validation_loss, validation_accuracy, test_loss, test_accuracy; /* NaN where not known */
  double ticks;                /* since the last report, in the schedule's unit */
} etude_report;

typedef struct etude_schedule {
  size_t size;
  /* Multiplier of the base: finite. A pure function of its arguments. NaN is an error, with a text in *error if there is one. */
  double (*factor)(const void* self, const etude_clock*, const double* state, etude_error*);
  /* [optional] Changes `state` after an epoch, or every n updates. Takes effect from the next update. */
  int (*observe)(const void* self, const etude_report*, double* state, etude_error*);
} etude_schedule;

/* ---- the table -------------------------------------------------------------------------------- */

enum etude_kind { ETUDE_OPTIMIZER = 1, ETUDE_SCHEDULE = 2 };
typedef struct etude_table {
  uint32_t magic;
  uint16_t major, minor;
  size_t size;
  uint32_t kind, reserved;
  const char *name, *summary, *source; /* source: paper and equation, or "" */
  const char* build;                   /* compiler and SDK version, for `describe` */
  const etude_param* params;
  size_t n_params, param_size;
  const etude_preset* presets;
  size_t n_presets, preset_size;
  double lr;                           /* optimizer: base rate when study and preset give none; 0: the study must say */
  const etude_scalar* scalars;         /* of the optimizer or of the schedule */
  size_t n_scalars, scalar_size;
  /* The configuration lies in memory of the host: no ownership crosses. */
  size_t self_size;                    /* bytes `create` needs, ETUDE_ALIGNMENT-aligned */
  /* Makes an immutable configuration at `place` from one value per parameter. 0, or non-zero after writing *error (nothing to destroy). */
  int (*create)(void* place, const etude_value* values, etude_error*);
  void (*destroy)(void* place);        /* null when there is nothing to do */
  const etude_optimizer* optimizer;    /* one of the two, by `kind` */
  const etude_schedule* schedule;
} etude_table;

#define ETUDE_EXPORT __attribute__((visibility("default")))
extern ETUDE_EXPORT const etude_table etude_plugin;

#ifdef __cplusplus
}
#endif
#endif
