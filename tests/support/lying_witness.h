#pragma once
/// A server on a free port that answers every request with whatever a test makes up: a lie, or
/// what an honest witness says.
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace pdx::test {

class LyingWitness {
public:
    struct Reply {
        int status = 200;  ///< 0: `body` as it is, without HTTP; -1: nothing at all
        std::string content_type;
        std::string body;
    };
    /// Gets the body of the request. Called by one thread at a time.
    using Liar = std::function<Reply(const std::string& body)>;
    /// The text of the checkpoint in an add-checkpoint request, with its last LF.
    static std::string text_of(const std::string& body);

    explicit LyingWitness(Liar liar);
    ~LyingWitness();
    LyingWitness(const LyingWitness&) = delete;
    LyingWitness& operator=(const LyingWitness&) = delete;

    std::uint16_t port() const { return port_; }
    int asked() const { return asked_; }

private:
    void serve();
    void answer(int connection);

    Liar liar_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<bool> stopping_{false};
    std::atomic<int> asked_{0};
    std::vector<int> held_;  ///< connections that are kept waiting
    std::thread thread_;
};

}  // namespace pdx::test
