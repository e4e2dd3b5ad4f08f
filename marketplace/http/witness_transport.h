#pragma once
/// Reaches witnesses over HTTP/1.1 with Poco's client, http or https. What a witness says is
/// signed, so that nobody on the way can forge it, only drop it.
#include <chrono>
#include <memory>
#include <string>

#include "ledger/witness_client.h"

namespace pdx::http {

struct WitnessTransportOptions {
    /// Of connecting, and of each wait for bytes.
    std::chrono::milliseconds wait{3'000};
    /// Of one request in all. Checked by expire().
    std::chrono::milliseconds total{10'000};
    /// Unit: bytes of an answer; more is no answer.
    std::size_t body_bytes_max = std::size_t{64} * 1024;
    std::string authorities = {};  ///< as open_session() takes it
};

class HttpWitnessTransport final : public ledger::WitnessTransport {
public:
    explicit HttpWitnessTransport(WitnessTransportOptions options = {});
    ~HttpWitnessTransport() override;

    ledger::WitnessHttpAnswer post(const std::string& url, const std::string& body) override;
    ledger::WitnessHttpAnswer get(const std::string& url) override;
    void expire() override;
    void cancel() override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace pdx::http
