#pragma once
/// Exchanges in processes of their own, to be killed. Gone at the latest with the test program.
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "marketplace/cli/settings.h"

namespace pdx::test {

class ServerProcess {
public:
    /// SIGKILL, when it still runs.
    ~ServerProcess();
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    std::uint16_t port() const { return port_; }
    pid_t pid() const { return pid_; }
    /// SIGKILL, and the process is gone when this returns.
    void kill();
    /// Waits until it is killed by something else. False when it ended in another way.
    bool wait_until_killed();

protected:
    ServerProcess() = default;

    pid_t pid_ = 0;
    std::uint16_t port_ = 0;
};

/// The program itself: `pdx serve --json` of this build, on a free port.
class PdxServe final : public ServerProcess {
public:
    /// Returns once it takes requests. Throws: std::runtime_error with what it said instead.
    explicit PdxServe(const std::filesystem::path& data);
};

/// An exchange in a fork of this process that kills itself beside a commit.
class DoomedExchange final : public ServerProcess {
public:
    enum class Moment { kBeforeCommit, kAfterCommit };
    /// Requires: this process has no other thread at this time.
    DoomedExchange(const cli::Settings& settings, Moment moment);
    ~DoomedExchange();
    /// The next commit is the last.
    void arm();

private:
    struct Switch;
    Switch* switch_ = nullptr;  ///< in memory shared with the fork
};

}  // namespace pdx::test
