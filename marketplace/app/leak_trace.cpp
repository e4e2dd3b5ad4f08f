#include "marketplace/app/leak_trace.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"
#include "marketplace/app/contract_data.h"
#include "marketplace/app/contract_keys.h"
#include "marketplace/app/delivered_data.h"
#include "marketplace/store/contract_store.h"
#include "marketplace/store/delivery_store.h"
#include "privacy/fingerprint.h"
#include "privacy/row_link.h"
#include "privacy/row_order.h"

namespace pdx::app {
namespace {

using domain::DeliveryState;

/// Pseudonyms and three kinds of tokens.
constexpr std::uint64_t kWaysPerContract = privacy::kTokenSpaces;
/// Order of rows, marks, canaries by pseudonym and by code.
constexpr std::uint64_t kWaysPerDelivery = 4;

/// All that ever left.
std::vector<store::Delivery> list_delivered(sql::Connection& db) {
    constexpr std::int64_t kPage = 500;
    std::vector<store::Delivery> all;
    for (const DeliveryState state : {DeliveryState::kPublished, DeliveryState::kDownloaded,
                                      DeliveryState::kExpired, DeliveryState::kRefused}) {
        std::string after;
        for (;;) {
            const auto page = store::list_deliveries_in(db, state, after, kPage);
            if (page.empty()) break;
            after = page.back().id.text();
            for (const store::Delivery& one : page) {
                if (was_published(one)) all.push_back(one);
            }
        }
    }
    return all;
}

/// Deliveries of one dataset under one contract: they differ by the order of their rows alone.
using Batch = std::vector<store::Delivery>;

/// What a stored dataset says about the leaked table.
struct DatasetEvidence {
    privacy::HitEvidence tokens;
    std::vector<std::uint64_t> rows;  ///< of the dataset, in the order of the table
};

class LeakTracer {
public:
    LeakTracer(sql::Connection& db, const catalog::BlobStore& blobs, ByteView master_key,
               const Leak& leak, int limit)
        : db_(db),
          blobs_(blobs),
          master_key_(master_key),
          keys_(master_key),
          leak_(leak) {
        result_.limit = limit;
    }

    LeakTrace run(const TraceProgress& progress) {
        std::map<std::string, std::map<Digest, Batch>> by_contract;
        for (store::Delivery& one : list_delivered(db_)) {
            ++result_.deliveries;
            if (one.output_digest == leak_.sha256) ++same_files_;
            by_contract[one.contract_id.text()][one.input_digest].push_back(std::move(one));
        }
        if (by_contract.empty()) {
            throw conflict("trace.no_deliveries",
                           {"This exchange has delivered nothing.", "本平台尚无任何交付。"});
        }
        trials_ = by_contract.size() * kWaysPerContract + result_.deliveries * kWaysPerDelivery;
        std::uint64_t done = 0;
        for (const auto& [contract, batches] : by_contract) {
            progress(done++, by_contract.size());
            add_contract(batches);
        }
        std::stable_sort(result_.contracts.begin(), result_.contracts.end(),
                         [](const TracedContract& one, const TracedContract& other) {
                             if (one.is_named != other.is_named) return one.is_named;
                             return one.exponent() > other.exponent();
                         });
        return std::move(result_);
    }

private:
    void add_contract(const std::map<Digest, Batch>& batches) {
        const ContractId id = batches.begin()->second.front().contract_id;
        const auto contract = store::find_contract(db_, id);
        PDX_CHECK(contract.has_value());
        const privacy::Policy policy =
            policy_of(id, contract->policy_text, contract->policy_digest);
        const std::optional<Secret> key = keys_.find_key(db_, *contract);
        TracedContract traced{id, contract->provider_id, contract->operator_id, !key, {}, false,
                              {}};
        for (const auto& [dataset, batch] : batches) {
            const auto found = weigh_dataset(dataset, batch.front(), policy, key);
            if (!found) {
                result_.without_dataset += batch.size();
                if (!policy.marks && !policy.canaries) continue;
            } else if (found->tokens.exponent >= traced.tokens.exponent) {
                traced.tokens = found->tokens;
            }
            const auto copies = weigh_copies(policy, batch, key);
            for (const store::Delivery& one : batch) {
                const Secret order = privacy::row_order_key(master_key_, one.id.text());
                traced.deliveries.push_back(
                    {one.id, one.buyer_id, one.created_at,
                     found ? privacy::weigh_order(found->rows, order.view(), trials_)
                           : privacy::MarkEvidence{},
                     copies.at(one.buyer_id.text()), one.output_digest == leak_.sha256});
            }
        }
        judge(traced);
        result_.contracts.push_back(std::move(traced));
    }

    /// By buyer.
    std::map<std::string, privacy::CopyEvidence> weigh_copies(
        const privacy::Policy& policy, const Batch& batch,
        const std::optional<Secret>& key_of_contract) const {
        std::map<std::string, privacy::CopyEvidence> copies;
        for (const store::Delivery& one : batch) copies[one.buyer_id.text()];
        if (!policy.marks && !policy.canaries) return copies;
        const auto delivered = delivered_plan(batch.front());
        privacy::TracePlan plan;
        plan.cryptography = policy.cryptography;
        plan.marks = policy.marks;
        if (policy.canaries) plan.canaries = privacy::fit_canaries(*policy.canaries, delivered);
        for (const privacy::PlannedColumn& column : delivered) {
            if (column.operation.kind == privacy::OperationKind::kPseudonym) {
                plan.tokens.push_back({column.column.name, column.operation.domain});
            }
        }
        const Secret rows_key = privacy::mark_rows_key(master_key_);
        std::optional<privacy::LeakedTable> table;
        leak_.read([&](const privacy::CsvRecord& record) {
            if (record.number > 0) return table->add(record.fields);
            table.emplace(plan, record.fields, rows_key.view());
        });
        if (!table) return copies;
        const auto tokens = key_of_contract ? std::optional(key_of_contract->view()) : std::nullopt;
        for (auto& [buyer, evidence] : copies) {
            const Secret key =
                privacy::copy_key(master_key_, batch.front().contract_id.text(), buyer);
            evidence = privacy::weigh_copy(plan, *table, tokens, key.view(), trials_);
        }
        return copies;
    }

    void judge(TracedContract& traced) const {
        const int limit = result_.limit;
        const auto same = static_cast<std::uint64_t>(
            std::count_if(traced.deliveries.begin(), traced.deliveries.end(),
                          [](const TracedDelivery& one) { return one.is_same_file; }));
        traced.is_named = traced.exponent() >= limit || (same > 0 && same == same_files_);
        const auto is_told_by_order = [limit](const TracedDelivery& one) {
            return one.order.exponent >= limit;
        };
        for (TracedDelivery& one : traced.deliveries) {
            // Of several deliveries to the buyer whom the marks name, the order may tell which.
            const bool is_other_told =
                std::any_of(traced.deliveries.begin(), traced.deliveries.end(),
                            [&](const TracedDelivery& other) {
                                return other.buyer == one.buyer && is_told_by_order(other);
                            });
            const bool is_told = is_told_by_order(one) || traced.deliveries.size() == 1 ||
                                 (one.copy_exponent() >= limit && !is_other_told);
            // Two small deliveries may be the same file.
            one.is_named = traced.is_named && (same == 1 ? one.is_same_file : is_told);
        }
        std::stable_sort(traced.deliveries.begin(), traced.deliveries.end(),
                         [](const TracedDelivery& one, const TracedDelivery& other) {
                             if (one.is_named != other.is_named) return one.is_named;
                             if (one.is_same_file != other.is_same_file) return one.is_same_file;
                             return one.exponent() > other.exponent();
                         });
    }

    /// Nothing when the dataset is not there any more.
    std::optional<DatasetEvidence> weigh_dataset(const Digest& dataset,
                                                 const store::Delivery& delivery,
                                                 const privacy::Policy& policy,
                                                 const std::optional<Secret>& key) const {
        if (!blobs_.contains(dataset)) return std::nullopt;
        const auto plan = delivered_plan(delivery);
        if (!key) return DatasetEvidence{{}, link_rows(dataset, plan, policy.marks)};
        privacy::DeliveryTrace trace(leak_.tokens, plan, key->view(), policy.cryptography);
        read_records(dataset, [&trace](auto fields) { trace.add(fields); });
        std::vector<std::uint64_t> rows = trace.rows();
        if (rows.size() < leak_.tokens.rows() / 2) {
            std::vector<std::uint64_t> more = link_rows(dataset, plan, policy.marks);
            if (more.size() > rows.size()) rows = std::move(more);
        }
        return DatasetEvidence{trace.tokens(trials_), std::move(rows)};
    }

    /// What is left to find rows by where there are few tokens, or their key is destroyed.
    std::vector<std::uint64_t> link_rows(const Digest& dataset,
                                         std::span<const privacy::PlannedColumn> plan,
                                         const std::optional<privacy::MarkPlan>& marks) const {
        const auto random = privacy::HashKey::from_bytes(random_bytes(privacy::HashKey::kSize));
        std::optional<privacy::RowLink> link;
        leak_.read([&](const privacy::CsvRecord& record) {
            if (record.number > 0) return link->add_leaked(record.fields);
            link.emplace(random, plan, marks, record.fields);
        });
        if (!link || link->columns() == 0) return {};
        read_records(dataset, [&link](auto fields) { link->add_record(fields); });
        return link->rows();
    }

    /// Without the header.
    template <class Handler>
    void read_records(const Digest& dataset, const Handler& handler) const {
        catalog::BlobReader input = blobs_.open(dataset);
        read_dataset(input, [&handler](const privacy::CsvRecord& record) {
            if (record.number > 0) handler(record.fields);
        });
    }

    sql::Connection& db_;
    const catalog::BlobStore& blobs_;
    ByteView master_key_;
    ContractKeys keys_;
    const Leak& leak_;
    std::uint64_t trials_ = 1;
    std::uint64_t same_files_ = 0;  ///< deliveries that are the leaked file, byte for byte
    LeakTrace result_;
};

}  // namespace

int TracedDelivery::exponent() const { return std::max(order.exponent, copy_exponent()); }

int TracedContract::exponent() const {
    int most = tokens.exponent;
    for (const TracedDelivery& one : deliveries) most = std::max(most, one.exponent());
    return most;
}

LeakTrace trace_leak(sql::Connection& db, const catalog::BlobStore& blobs, ByteView master_key,
                     const Leak& leak, int limit, const TraceProgress& progress) {
    return LeakTracer(db, blobs, master_key, leak, limit).run(progress);
}

}  // namespace pdx::app
