#pragma once
/// A private MariaDB server for tests: own folder, Unix socket and port, durable like production
/// (flush at every commit), gone with its data when the test program ends, however it ends.
#include <sys/types.h>

#include <cstdint>
#include <string>

namespace pdx::test {

/// Thread: start it and use its methods from one thread; the addresses may go anywhere.
class MariaDb {
public:
    /// Throws: std::runtime_error when mariadbd is missing or does not start within 30 s.
    MariaDb();
    ~MariaDb();
    MariaDb(const MariaDb&) = delete;
    MariaDb& operator=(const MariaDb&) = delete;

    /// One server for the whole test program, started on first use (about one second).
    static MariaDb& shared();

    /// "mysql://root@localhost/NAME?socket=..."; the first open() creates the database.
    std::string url(const std::string& database) const;
    /// The same, with a database name that was not given out before.
    std::string new_url();
    /// Over TCP, as user "pdx" with a password that needs escaping:
    /// "mysql://pdx:...@127.0.0.1:...". Databases named pdx... are allowed to this user.
    std::string tcp_url(const std::string& database) const;
    /// A password of this user that must not show up in any error.
    static constexpr const char* kPassword = "se:c@ret%";

    /// SIGKILL, as a power cut would; the data stays.
    void kill();
    /// Starts again on the same data, socket and port.
    void restart();
    /// SIGSTOP and SIGCONT: a server that hangs.
    void freeze();
    void thaw();

private:
    void bootstrap();
    void start();
    bool wait_until_ready() const;
    void stop(bool remove_folder);
    std::string socket_path() const { return folder_ + "/socket"; }

    std::string program_;
    std::string folder_;
    std::uint16_t port_ = 0;
    pid_t supervisor_ = 0;  ///< a shell that outlives us by as long as it takes to clean up
    int lifeline_ = -1;     ///< its standard input: closed by the kernel when we die
    int databases_ = 0;
};

}  // namespace pdx::test
