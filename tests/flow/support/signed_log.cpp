#include "tests/flow/support/signed_log.h"

#include "base/crypto.h"
#include "ledger/export.h"
#include "sql/migrate.h"
#include "tests/support/store_batch.h"

namespace pdx::test {

SignedLog::SignedLog(std::string origin, std::uint8_t seed)
    : signer_(origin, SigningKey::from_seed(Bytes(SigningKey::kSeedSize, seed)).value()),
      database_(sql::open_database("sqlite::memory:")),
      db_(database_->open()),
      store_(*db_, std::move(origin)),
      root_(ledger::empty_root()) {
    sql::migrate(*db_, sql::embedded_schema());
    store_.create();
}

void SignedLog::add(std::uint64_t count, const std::string& told) {
    std::vector<ledger::Entry> batch;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t index = appender_.size() + i;
        batch.push_back(
            {.log = store_.log(),
             .kind = "order.paid",
             .entity_type = "order",
             .entity_id = "o" + std::to_string(index % 7),
             .at = Timestamp{1'772'352'000'000'000 + static_cast<std::int64_t>(index)},
             .actor = "system",
             .actor_role = "buyer",
             .rule = "",
             .body = R"({"n":)" + std::to_string(index) + R"(,"told":")" + told + "\"}"});
    }
    store_batch(store_, appender_, std::move(batch), &signer_);
    root_ = store_.head()->root;
}

std::string SignedLog::sign(std::uint64_t size, const Digest& root) const {
    return ledger::sign_checkpoint({signer_.name(), size, root, {}}, signer_);
}

std::string SignedLog::signed_at(std::uint64_t size) {
    ledger::SqlTileReader reader(*db_, store_.log());
    return sign(size, ledger::root_at(reader, size));
}

std::string SignedLog::note() { return lie.empty() ? sign(appender_.size(), root_) : lie; }

std::unique_ptr<ledger::TileReader> SignedLog::tiles(std::uint64_t /*size*/) {
    return std::make_unique<ledger::SqlTileReader>(*db_, store_.log());
}

void SignedLog::export_to(const std::filesystem::path& folder) {
    ledger::SqlTileReader reader(*db_, store_.log());
    ledger::export_log(reader, appender_.size(), note(), folder);
}

}  // namespace pdx::test
