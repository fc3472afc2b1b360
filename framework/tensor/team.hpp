// framework/tensor/team.hpp - how many threads oneDNN uses for what the calling thread asks of it.
//
// Debian's oneDNN runs on OpenMP. Its primitives split their work by the number of threads at the time they are made, in a fixed way, so that a
// trial with n threads has the same bits each time, on any number of cores; but another n may add up in another order.
#pragma once
#include <cstddef>

namespace etude {

/// While it lives, work of the calling thread is shared by `threads` threads, the calling one among them, all of them flushing denormals.
class Team {
  public:
    explicit Team(std::size_t threads);
    Team(const Team&) = delete;
    Team& operator=(const Team&) = delete;
    ~Team();

  private:
    int before_;
};

}  // namespace etude
