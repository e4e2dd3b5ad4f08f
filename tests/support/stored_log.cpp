#include "tests/support/stored_log.h"

#include <array>
#include <utility>

#include "base/crypto.h"
#include "ledger/merkle.h"
#include "sql/migrate.h"
#include "tests/support/store_batch.h"

namespace pdx::test {
namespace {

/// Unit: microseconds; 2026-03-01T08:00:00Z.
constexpr std::int64_t kBegin = 1'772'352'000'000'000;

}  // namespace

std::string stored_contract(std::uint64_t number) {
    return "0195a1b2-0000-7000-8000-00000000000" + std::to_string(number);
}

ledger::Entry stored_entry(const std::string& origin, std::uint64_t index) {
    constexpr std::array<const char*, 4> kKinds{"order.placed", "order.paid", "contract.signed",
                                                "party.registered"};
    const std::uint64_t mixed = index * 2'654'435'761U % 1'000'003;
    return {.log = origin,
            .kind = kKinds.at(mixed % 4),
            .v = 9000,  // of no schema
            .entity_type = "order",
            .entity_id = mixed % 5 == 4 ? stored_contract(6) : "o" + std::to_string(mixed % 5),
            // Three entries in a row have the same time, as those of one batch do.
            .at = Timestamp{kBegin + static_cast<std::int64_t>(index / 3) * 1'000'000},
            .actor = mixed % 3 == 2 ? stored_contract(6) : "p" + std::to_string(mixed % 3),
            .actor_role = "buyer",
            .rule = "",
            .body = R"({"contract_id":")" + stored_contract(mixed % 7) + R"(","n":)" +
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
}

void StoredLog::grow_to(std::uint64_t size) { append(size, Publish::kYes); }

void StoredLog::store_unpublished(std::uint64_t size) { append(size, Publish::kNo); }

void StoredLog::append(std::uint64_t size, Publish publish) {
    ledger::LogStore log(*connection_, origin_);
    std::vector<ledger::Entry> batch;
    for (std::uint64_t index = leaves.size(); index < size; ++index) {
        ledger::Entry entry = stored_entry(origin_, shift_ + index);
        const auto tail = tails_.find(entry.entity_id);
        if (tail != tails_.end()) entry.prev = tail->second;
        tails_.insert_or_assign(
            entry.entity_id,
            ledger::PreviousEntry{index, ledger::leaf_hash(ledger::encode_entry(entry))});
        batch.push_back(std::move(entry));
    }
    sql::Transaction transaction(*connection_);
    for (auto& one : store_batch(log, appender_, std::move(batch),
                                 publish == Publish::kYes ? &signer_ : nullptr)) {
        entries.push_back(std::move(one.bytes));
        leaves.push_back(one.leaf);
    }
    transaction.commit();
}

}  // namespace pdx::test
