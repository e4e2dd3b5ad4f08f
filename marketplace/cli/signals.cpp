#include "marketplace/cli/signals.h"

#include <csignal>

namespace pdx::cli {
namespace {

sigset_t stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

}  // namespace

void block_stop_signals() {
    const sigset_t set = stop_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

void wait_for_stop_signal() {
    const sigset_t set = stop_signals();
    int signal = 0;
    sigwait(&set, &signal);
}

}  // namespace pdx::cli
