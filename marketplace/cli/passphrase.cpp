#include "marketplace/cli/passphrase.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

#include "base/crypto.h"
#include "base/error.h"

namespace pdx::cli {
namespace {

constexpr char kControlC = 0x03;
constexpr tcflag_t kShown = ECHO | ECHOE | ECHOK | ECHONL;

/// The terminal of the process, quiet for as long as this lives. Signal keys are switched off, so
/// that Ctrl-C arrives as a character that ends the line and the terminal is put back first.
class QuietTerminal {
public:
    QuietTerminal() : fd_(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)) {
        if (fd_ < 0 || ::tcgetattr(fd_, &before_) != 0) return;
        termios quiet = before_;
        quiet.c_lflag &= ~(kShown | static_cast<tcflag_t>(ISIG));
        quiet.c_lflag |= ICANON;
        quiet.c_cc[VEOL] = kControlC;
        ready_ = ::tcsetattr(fd_, TCSAFLUSH, &quiet) == 0;
    }
    ~QuietTerminal() {
        if (ready_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
        if (fd_ >= 0) ::close(fd_);
    }
    QuietTerminal(const QuietTerminal&) = delete;
    QuietTerminal& operator=(const QuietTerminal&) = delete;

    bool ready() const { return ready_; }
    void show(std::string_view text) const {
        while (!text.empty()) {
            const ssize_t count = ::write(fd_, text.data(), text.size());
            if (count < 0 && errno == EINTR) continue;
            if (count <= 0) return;
            text.remove_prefix(static_cast<std::size_t>(count));
        }
    }
    /// One line with its end; empty at the end of input.
    std::string_view read_line(std::span<std::uint8_t> room) const {
        for (;;) {
            const ssize_t count = ::read(fd_, room.data(), room.size());
            if (count < 0 && errno == EINTR) continue;
            return as_text(room.first(count < 0 ? 0 : static_cast<std::size_t>(count)));
        }
    }

private:
    int fd_;
    bool ready_ = false;
    termios before_{};
};

}  // namespace

std::optional<Secret> take_from_environment(const char* variable) {
    char* const value = std::getenv(variable);
    if (value == nullptr) return std::nullopt;
    const std::size_t size = std::strlen(value);
    Secret secret(as_bytes(std::string_view(value, size)));
    wipe(std::span(reinterpret_cast<std::uint8_t*>(value), size));
    ::unsetenv(variable);
    return secret.empty() ? std::nullopt : std::optional(std::move(secret));
}

std::optional<Secret> ask_passphrase(const std::string& question) {
    const QuietTerminal terminal;
    if (!terminal.ready()) return std::nullopt;
    terminal.show(question + ": ");
    Secret room = Secret::of_size(kPassphraseBytesMax + 2);
    std::string_view line = terminal.read_line(room.writable());
    terminal.show("\n");
    if (!line.ends_with('\n') || line.find(kControlC) != std::string_view::npos) {
        throw invalid("passphrase.cancelled", {"No passphrase was given; nothing was done.",
                                               "未输入口令，未执行任何操作。"});
    }
    line.remove_suffix(1);
    return Secret(as_bytes(line));
}

std::optional<Secret> ask_new_passphrase(const std::string& question) {
    auto first = ask_passphrase(question);
    if (!first) return std::nullopt;
    require_good_passphrase(*first);
    const auto second = ask_passphrase("Once more 请再次输入");
    if (!second || !equal_constant_time(first->view(), second->view())) {
        throw invalid("passphrase.differs", {"The two passphrases differ; nothing was done.",
                                             "两次输入的口令不一致，未执行任何操作。"});
    }
    return first;
}

void require_good_passphrase(const Secret& passphrase) {
    if (passphrase.size() >= kPassphraseBytesMin && passphrase.size() <= kPassphraseBytesMax) {
        return;
    }
    throw invalid("passphrase.short",
                  {"A passphrase has 12 to 1,024 bytes.", "口令长度须为 12 至 1024 字节。"});
}

}  // namespace pdx::cli
