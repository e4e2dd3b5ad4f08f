#pragma once
/// A log that a test holds the key of, and so can make say anything: the other side of a monitor.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "ledger/signer.h"
#include "ledger/store/log_store.h"
#include "ledger/tree.h"
#include "marketplace/cli/readable_log.h"

namespace pdx::test {

class SignedLog final : public cli::ReadableLog {
public:
    explicit SignedLog(std::string origin = "exchange.example/watched", std::uint8_t seed = 7);

    /// Appends entries that tell `told`; two logs that were told the same have the same roots.
    void add(std::uint64_t count, const std::string& told = "");
    std::string vkey() const { return signer_.verifier().vkey(); }
    std::uint64_t size() const { return appender_.size(); }
    /// Signs another root for the size it has.
    std::string sign(std::uint64_t size, const Digest& root) const;
    std::string signed_at(std::uint64_t size);

    std::string note() override;
    std::unique_ptr<ledger::TileReader> tiles(std::uint64_t size) override;
    void export_to(const std::filesystem::path& folder);

    std::string lie;  ///< what note() gives instead of the truth, if anything

private:
    ledger::NoteSigner signer_;
    std::unique_ptr<sql::Database> database_;
    std::unique_ptr<sql::Connection> db_;
    ledger::LogStore store_;
    ledger::Appender appender_;
    Digest root_;
};

}  // namespace pdx::test
