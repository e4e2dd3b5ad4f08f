#pragma once
/// A client that says exactly the bytes it is given. Plain POSIX sockets, so that nothing between
/// the test and the server repairs what the test breaks.
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace pdx::test {

struct RawReply {
    int status = 0;
    std::map<std::string, std::string> headers;  ///< names in lower case
    std::string body;                            ///< chunks joined
    bool complete = false;                       ///< the framing was satisfied
};

class RawClient {
public:
    explicit RawClient(std::uint16_t port);
    ~RawClient();
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    /// False when the server has closed.
    bool send(std::string_view bytes);
    void finish_sending();
    /// One reply; absent when the server closed or stayed silent for `wait`.
    std::optional<RawReply> reply(std::chrono::milliseconds wait = std::chrono::seconds(20),
                                  bool to_head = false);
    /// True when the server ends the connection within the time, whatever it still sends.
    bool closed_within(std::chrono::milliseconds wait);
    /// Everything until the server closes.
    std::string rest(std::chrono::milliseconds wait = std::chrono::seconds(20));

private:
    bool fill(std::chrono::steady_clock::time_point deadline);

    int socket_ = -1;
    std::string buffer_;
    bool ended_ = false;
};

}  // namespace pdx::test
