// tests/support/allocations.hpp - calls of operator new in this program, those of libraries included. Linked with etude_counted_new.
#pragma once
#include <cstddef>

namespace etude::test {

/// Since the program began, on all threads.
std::size_t allocations();

}  // namespace etude::test
