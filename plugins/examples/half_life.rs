//! A schedule in Rust, with nothing but the compiler:
//!
//!     rustc --edition 2021 --crate-type cdylib -O -C panic=abort half_life.rs -o half_life.so
//!     etude plugin check half_life.so
//!     etude run study.yaml --plugins .          # schedule: {name: half_life, half: {epochs: 10}}
//!
//! lr = base 2^(-x / half): the rate is halved in every `half`, smoothly.
//!
//! The structs are those of framework/sdk/abi.h (1.0, which every 1.x loads), in its order and with its names; what a schedule does not need is a
//! null pointer. The host reads the table without calling anything, so it is one constant.
#![allow(non_upper_case_globals)]

use std::ffi::c_void;
use std::os::raw::c_char;
use std::ptr::null;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Length {
    amount: f64,
    unit: u32,
    reserved: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct List {
    data: *const c_void,
    count: usize,
}

/// Which member is meant follows from the parameter's type.
#[repr(C)]
pub union Value {
    real: f64,
    integer: i64,
    length: Length,
    list: List,
}

#[repr(C)]
pub struct Param {
    name: *const c_char,
    doc: *const c_char,
    words: *const *const c_char,
    fallback: Value,
    relative_to: *const c_char,
    min: f64,
    max: f64,
    kind: u32,
    flags: u32,
}

#[repr(C)]
pub struct Clock {
    size: usize,
    x: f64,
    tick: f64,
    span: f64,
    base_lr: f64,
    update: u64,
    total: u64,
    per_epoch: u64,
    seed: u64,
    ends: u32,
    unclamped: u32,
}

#[repr(C)]
pub struct Schedule {
    size: usize,
    factor: extern "C" fn(*const c_void, *const Clock, *const f64, *mut c_void) -> f64,
    observe: *const c_void,
}

#[repr(C)]
pub struct Table {
    magic: u32,
    major: u16,
    minor: u16,
    size: usize,
    kind: u32,
    reserved: u32,
    name: *const c_char,
    summary: *const c_char,
    source: *const c_char,
    build: *const c_char,
    params: *const Param,
    n_params: usize,
    param_size: usize,
    presets: *const c_void,
    n_presets: usize,
    preset_size: usize,
    lr: f64,
    scalars: *const c_void,
    n_scalars: usize,
    scalar_size: usize,
    self_size: usize,
    create: extern "C" fn(*mut c_void, *const Value, *mut c_void) -> i32,
    destroy: *const c_void,
    optimizer: *const c_void,
    schedule: *const Schedule,
}
// Constants, and never written to.
unsafe impl Sync for Param {}
unsafe impl Sync for Schedule {}
unsafe impl Sync for Table {}

const MAGIC: u32 = 0x4455_5445;
const LENGTH: u32 = 5; // of enum etude_type
const EPOCHS: u32 = 2; // of enum etude_unit
const MIN_OPEN: u32 = 1; // of enum etude_param_flag
const SCHEDULE: u32 = 2; // of enum etude_kind

macro_rules! text {
    ($literal:expr) => {
        concat!($literal, "\0").as_ptr() as *const c_char
    };
}

/// The configuration lies in memory of the host, `self_size` bytes of it.
struct HalfLife {
    half: f64, // in ticks: the host has converted it
}

extern "C" fn create(place: *mut c_void, values: *const Value, _error: *mut c_void) -> i32 {
    unsafe { *(place as *mut HalfLife) = HalfLife { half: (*values).length.amount } };
    0
}

extern "C" fn factor(config: *const c_void, clock: *const Clock, _state: *const f64, _error: *mut c_void) -> f64 {
    let (config, clock) = unsafe { (&*(config as *const HalfLife), &*clock) };
    (-clock.x / config.half).exp2()
}

static PARAMS: [Param; 1] = [Param {
    name: text!("half"),
    doc: text!("Time in which the rate is halved."),
    words: null(),
    fallback: Value { length: Length { amount: 1.0, unit: EPOCHS, reserved: 0 } },
    relative_to: null(),
    min: 0.0,
    max: f64::INFINITY,
    kind: LENGTH,
    flags: MIN_OPEN,
}];

static FUNCTIONS: Schedule = Schedule { size: std::mem::size_of::<Schedule>(), factor, observe: null() };

#[no_mangle]
pub static etude_plugin: Table = Table {
    magic: MAGIC,
    major: 1,
    minor: 0,
    size: std::mem::size_of::<Table>(),
    kind: SCHEDULE,
    reserved: 0,
    name: text!("half_life"),
    summary: text!("The rate is halved in every `half`, smoothly; in Rust."),
    source: text!(""),
    build: text!("Rust"),
    params: PARAMS.as_ptr(),
    n_params: PARAMS.len(),
    param_size: std::mem::size_of::<Param>(),
    presets: null(),
    n_presets: 0,
    preset_size: 0,
    lr: 0.0,
    scalars: null(),
    n_scalars: 0,
    scalar_size: 0,
    self_size: std::mem::size_of::<HalfLife>(),
    create,
    destroy: null(),
    optimizer: null(),
    schedule: &FUNCTIONS,
};
