#include "tests/fault/support/server_process.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <fstream>
#include <iterator>
#include <new>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "marketplace/cli/exchange.h"
#include "tests/support/places.h"

namespace pdx::test {
namespace {

struct Pipe {
    std::array<int, 2> ends{};
    Pipe() {
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    }
    ~Pipe() {
        close_writing();
        ::close(ends[0]);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    void close_writing() {
        if (ends[1] >= 0) ::close(ends[1]);
        ends[1] = -1;
    }
    /// Up to the first line feed, or the end.
    std::string line() const {
        std::string text;
        char c = 0;
        while (::read(ends[0], &c, 1) == 1 && c != '\n') text += c;
        return text;
    }
};

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// In the child, between fork and exec: system calls only.
[[noreturn]] void run_program(const char* program, const char* data, const char* errors, int out) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int err = ::open(errors, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(err, STDERR_FILENO);
    ::execl(program, program, "serve", "--json", "--port", "0", "--rules", "demo", "--data", data,
            static_cast<char*>(nullptr));
    ::_exit(127);
}

}  // namespace

ServerProcess::~ServerProcess() { kill(); }

void ServerProcess::kill() {
    if (pid_ == 0) return;
    ::kill(pid_, SIGKILL);
    wait_until_killed();
}

bool ServerProcess::wait_until_killed() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

PdxServe::PdxServe(const std::filesystem::path& data) {
    Pipe out;
    const std::string program = binary_folder() / "pdx";
    const std::string folder = data.string();
    const std::string errors = folder + ".log";
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("cannot fork");
    if (pid_ == 0) run_program(program.c_str(), folder.c_str(), errors.c_str(), out.ends[1]);
    out.close_writing();
    const auto said = nlohmann::json::parse(out.line(), nullptr, false);
    if (!said.is_object()) {
        kill();
        throw std::runtime_error(program + " did not start: " + read_file(errors));
    }
    port_ = said.at("port").get<std::uint16_t>();
}

struct DoomedExchange::Switch {
    std::atomic<bool> armed{false};
};

DoomedExchange::DoomedExchange(const cli::Settings& settings, Moment moment) {
    void* shared =
        ::mmap(nullptr, sizeof(Switch), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) throw std::runtime_error("no shared memory");
    switch_ = new (shared) Switch;
    Pipe out;
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("cannot fork");
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        try {
            app::WriterOptions options;
            auto& hook = moment == Moment::kBeforeCommit ? options.batch.before_commit
                                                         : options.batch.after_commit;
            hook = [this] {
                if (switch_->armed) ::raise(SIGKILL);
            };
            const cli::Exchange exchange(settings, options);
            const std::string line = std::to_string(exchange.port()) + "\n";
            if (::write(out.ends[1], line.data(), line.size()) < 0) ::_exit(1);
            while (true) ::pause();
        } catch (const std::exception&) {
            ::_exit(1);  // the parent reads no port
        }
    }
    out.close_writing();
    const std::string line = out.line();
    if (line.empty()) throw std::runtime_error("the forked exchange did not start");
    port_ = static_cast<std::uint16_t>(std::stoul(line));
}

DoomedExchange::~DoomedExchange() {
    kill();
    ::munmap(switch_, sizeof(Switch));
}

void DoomedExchange::arm() { switch_->armed = true; }

}  // namespace pdx::test
