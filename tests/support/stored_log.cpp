#include "tests/support/stored_log.h"

#include <array>
#include <utility>

#include "base/crypto.h"
#include "ledger/checkpoint.h"
#include "ledger/merkle.h"
#include "sql/migrate.h"

namespace pdx::test {
namespace {

/// Unit: microseconds; 2026-03-01T08:00:00Z.
constexpr std::int64_t kBegin = 1'772'352'000'000'000;

}  // namespace

ledger::Entry stored_entry(const std::string& origin, std::uint64_t index) {
    constexpr std::array<const char*, 4> kKinds{"order.placed", "order.paid", "contract.signed",
                                                "party.registered"};
    const std::uint64_t mixed = index * 2'654'435'761U % 1'000'003;
    return {.log = origin,
            .kind = kKinds.at(mixed % 4),
            .v = 9000,  // of no schema
            .entity_type = "order",
            .entity_id = "o" + std::to_string(mixed % 5),
            // Three entries in a row have the same time, as those of one batch do.
            .at = Timestamp{kBegin + static_cast<std::int64_t>(index / 3) * 1'000'000},
            .actor = "p" + std::to_string(mixed % 3),
            .actor_role = "buyer",
            .rule = "",
            .body = R"({"contract_id":"c)" + std::to_string(mixed % 7) + R"(","n":)" +
                    std::to_string(index) + "}"};
}

StoredLog::StoredLog(std::string origin, std::uint64_t shift)
    : origin_(std::move(origin)),
      shift_(shift),
      signer_(origin_, SigningKey::from_seed(Bytes(SigningKey::kSeedSize, 7)).value()),
      database_(sql::open_database("sqlite:" + file().string())),
      connection_(database_->open()) {
    sql::migrate(*connection_, sql::embedded_schema());
    ledger::LogStore(*connection_, origin_).create();
    head_ = ledger::LogStore(*connection_, origin_).head().value();
}

void StoredLog::grow_to(std::uint64_t size) { append(size, Publish::kYes); }

void StoredLog::store_unpublished(std::uint64_t size) { append(size, Publish::kNo); }

void StoredLog::append(std::uint64_t size, Publish publish) {
    ledger::LogStore log(*connection_, origin_);
    sql::Transaction transaction(*connection_);
    for (std::uint64_t index = leaves.size(); index < size; ++index) {
        ledger::Entry entry = stored_entry(origin_, shift_ + index);
        const auto tail = tails_.find(entry.entity_id);
        if (tail != tails_.end()) entry.prev = tail->second;
        entries.push_back(ledger::encode_entry(entry));
        leaves.push_back(ledger::leaf_hash(entries.back()));
        tails_.insert_or_assign(entry.entity_id, ledger::PreviousEntry{index, leaves.back()});
        log.put_entry(index, leaves.back(), entry, entries.back());
        appender_.append(leaves.back());
    }
    const ledger::SealedBatch batch = appender_.seal();
    const ledger::TreeHead next{batch.size, batch.root, head_.epoch};
    log.put_tiles(batch.tiles);
    log.advance(head_, next);
    if (publish == Publish::kYes) {
        log.put_checkpoint(
            {batch.size, batch.root,
             ledger::sign_checkpoint({origin_, batch.size, batch.root, {}}, signer_)});
    }
    transaction.commit();
    head_ = next;
}

}  // namespace pdx::test
