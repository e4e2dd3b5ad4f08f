#include "tests/support/mariadb.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/support/tool.h"

namespace pdx::test {
namespace {

constexpr const char* kSystemTables = "/usr/share/mysql/";

std::string read_file(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::uint16_t free_port() {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    const bool ok = ::bind(probe, generic, size) == 0 && ::getsockname(probe, generic, &size) == 0;
    ::close(probe);
    if (!ok) throw std::runtime_error("no free port on the loopback interface");
    return ntohs(address.sin_port);
}

/// What bootstrap and server have in common; small, because several may run beside each other.
std::vector<std::string> common_arguments(const std::string& folder) {
    std::vector<std::string> arguments{
        "--no-defaults",
        "--datadir=" + folder + "/data",
        "--innodb-buffer-pool-size=32M",
        "--innodb-log-file-size=32M",
        "--performance-schema=off",
        "--skip-name-resolve",
    };
    if (::geteuid() == 0) arguments.emplace_back("--user=root");
    return arguments;
}

/// Starts `script` under /bin/sh with the arguments as "$@", in a process group of its own so that
/// Ctrl-C reaches only us. `input` becomes its standard input.
pid_t start_shell(const std::string& script, const std::vector<std::string>& arguments, int input) {
    std::vector<std::string> words{"sh", "-c", script, "sh"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    pid_t child = 0;
    const int status =
        posix_spawn(&child, "/bin/sh", &actions, &attributes, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (status != 0) throw std::runtime_error("cannot start /bin/sh");
    return child;
}

int wait_for(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

/// True when somebody accepts on the socket and greets: mariadbd does so once it is ready.
bool greets(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw std::runtime_error("socket path too long");
    std::copy(path.begin(), path.end(), address.sun_path);
    const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char greeting = 0;
    const bool ready =
        ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        ::read(probe, &greeting, 1) == 1;
    ::close(probe);
    return ready;
}

}  // namespace

MariaDb::MariaDb()
    : program_(find_tool("mariadb",
                         {"/usr/sbin/mariadbd", "/usr/libexec/mariadbd", "/usr/bin/mariadbd"},
                         "mariadb-server-core")) {
    std::string pattern = "/tmp/pdx-mariadb-XXXXXX";  // TMPDIR may be too long for a socket's name
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot create a folder");
    folder_ = pattern;
    std::filesystem::create_directory(folder_ + "/data");
    try {
        bootstrap();
        constexpr int kAttempts = 5;  // somebody may take the port between our look and its bind
        for (int i = 0; i < kAttempts; ++i) {
            port_ = free_port();
            start();
            if (wait_until_ready()) return;
            stop(false);
        }
        throw std::runtime_error("mariadbd does not start:\n" + read_file(folder_ + "/log"));
    } catch (...) {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
        throw;
    }
}

MariaDb::~MariaDb() { stop(true); }

MariaDb& MariaDb::shared() {
    static MariaDb server;
    return server;
}

/// What mariadb-install-db does, without the client tools that it needs.
void MariaDb::bootstrap() {
    const std::string input = folder_ + "/bootstrap.sql";
    std::ofstream(input) << "CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n"
                         << read_file(std::string(kSystemTables) + "mysql_system_tables.sql")
                         << read_file(std::string(kSystemTables) + "mysql_system_tables_data.sql")
                         << "FLUSH PRIVILEGES;\nCREATE USER 'pdx'@'%' IDENTIFIED BY '" << kPassword
                         << "';\nGRANT ALL ON `pdx%`.* TO 'pdx'@'%';\n";
    auto arguments = common_arguments(folder_);
    arguments.insert(arguments.begin(), program_);
    arguments.insert(arguments.end(), {"--bootstrap", "--skip-log-bin"});
    const int file = ::open(input.c_str(), O_RDONLY | O_CLOEXEC);
    const pid_t child =
        start_shell("exec \"$@\" >'" + folder_ + "/bootstrap.log' 2>&1", arguments, file);
    ::close(file);
    if (wait_for(child) != 0) {
        throw std::runtime_error("mariadbd --bootstrap failed:\n" +
                                 read_file(folder_ + "/bootstrap.log"));
    }
}

/// The supervisor waits for its standard input to end, which the kernel sees to even when we are
/// killed, then kills the server and removes the folder. "keep" leaves the folder.
void MariaDb::start() {
    const std::string script = "folder='" + folder_ +
                               "'\n"
                               "\"$@\" >>\"$folder/log\" 2>&1 &\n"
                               "server=$!\n"
                               "echo $server >\"$folder/pid\"\n"
                               "read -r word\n"
                               "kill -9 $server\n"
                               "wait $server 2>/dev/null\n"
                               "[ \"$word\" = keep ] || rm -rf \"$folder\"\n";
    auto arguments = common_arguments(folder_);
    arguments.insert(arguments.begin(), program_);
    arguments.insert(
        arguments.end(),
        {"--socket=" + socket_path(), "--port=" + std::to_string(port_), "--bind-address=127.0.0.1",
         "--pid-file=" + folder_ + "/mariadbd.pid", "--server-id=1", "--log-bin=binlog",
         "--binlog-format=ROW", "--sync-binlog=1", "--innodb-flush-log-at-trx-commit=1"});
    std::filesystem::remove(socket_path());
    std::filesystem::remove(folder_ + "/pid");
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    supervisor_ = start_shell(script, arguments, pipe[0]);
    ::close(pipe[0]);
    lifeline_ = pipe[1];
}

bool MariaDb::wait_until_ready() const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < deadline) {
        if (greets(socket_path())) return true;
        if (read_file(folder_ + "/log").ends_with("[ERROR] Aborting\n")) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
}

void MariaDb::stop(bool remove_folder) {
    if (supervisor_ == 0) {
        std::error_code ignored;
        if (remove_folder) std::filesystem::remove_all(folder_, ignored);
        return;
    }
    if (!remove_folder && ::write(lifeline_, "keep\n", 5) != 5) std::abort();
    ::close(lifeline_);
    wait_for(supervisor_);
    supervisor_ = 0;
}

std::string MariaDb::url(const std::string& database) const {
    return "mysql://root@localhost/" + database + "?socket=" + socket_path();
}

std::string MariaDb::new_url() { return url("pdx_" + std::to_string(++databases_)); }

std::string MariaDb::tcp_url(const std::string& database) const {
    return "mysql://pdx:se:c%40ret%25@127.0.0.1:" + std::to_string(port_) + "/" + database;
}

void MariaDb::kill() { stop(false); }

void MariaDb::restart() {
    if (supervisor_ != 0) stop(false);
    start();
    if (!wait_until_ready()) throw std::runtime_error("mariadbd does not start again");
}

void MariaDb::freeze() { ::kill(std::stoi(read_file(folder_ + "/pid")), SIGSTOP); }
void MariaDb::thaw() { ::kill(std::stoi(read_file(folder_ + "/pid")), SIGCONT); }

}  // namespace pdx::test
