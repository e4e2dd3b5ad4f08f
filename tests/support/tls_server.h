#pragma once
/// A server on a free port of localhost that speaks HTTP over TLS with a certificate of its own
/// making, and answers every request with the same body.
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

namespace pdx::test {

struct TlsIdentity {
    std::string name = "localhost";  ///< that the certificate is for
    int valid_from = -3'600;         ///< Unit: seconds from now
    int valid_to = 3'600;
};

class TlsServer {
public:
    /// Writes its files into `folder`.
    TlsServer(const std::filesystem::path& folder, const TlsIdentity& identity, std::string body);
    ~TlsServer();
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;

    std::uint16_t port() const;
    /// PEM: who trusts this file trusts the server.
    std::filesystem::path certificate() const;
    /// Requests that were answered: the handshake was done.
    int answered() const { return answered_; }

private:
    struct Socket;
    void serve();

    std::filesystem::path folder_;
    std::string body_;
    std::unique_ptr<Socket> socket_;
    std::atomic<bool> stopping_{false};
    std::atomic<int> answered_{0};
    std::thread thread_;
};

}  // namespace pdx::test
