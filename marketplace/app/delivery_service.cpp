#include "marketplace/app/delivery_service.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/crypto.h"
#include "base/error.h"
#include "marketplace/app/column_class.h"
#include "marketplace/app/contract_data.h"
#include "marketplace/app/live_contract.h"
#include "marketplace/app/order_access.h"
#include "marketplace/app/order_view.h"
#include "marketplace/app/risk_view.h"
#include "marketplace/app/staged_write.h"
#include "marketplace/store/dispute_store.h"
#include "marketplace/store/listing_store.h"
#include "marketplace/store/product_store.h"
#include "privacy/fewest_steps.h"

namespace pdx::app {
namespace {

using domain::DeliveryEvent;
using domain::DeliveryState;
using domain::OrderEvent;
using domain::OrderState;
using nlohmann::json;

constexpr std::string_view kInterrupted = "delivery.interrupted";
constexpr std::string_view kFailed = "delivery.failed";
/// Above either the fact holds the report's digest alone: an entry has a size limit.
constexpr std::size_t kReportedColumnsMax = 200;
constexpr std::size_t kReportedBytesMax = std::size_t{56} * 1024;
constexpr std::int64_t kRecoveredAtOnceMax = 100;

store::Delivery load_delivery(sql::Connection& db, const DeliveryId& id) {
    auto delivery = store::find_delivery(db, id);
    if (!delivery) throw not_found("delivery");
    return *delivery;
}

Fact delivery_fact(std::string kind, const store::Delivery& delivery, json body,
                   const std::string& rule) {
    body.update(fact_of(delivery));
    return make_fact(std::move(kind), "delivery", delivery.id.text(), body, rule);
}

/// Someone classified a column more strictly while the file was being masked.
void check_same_classes(const std::vector<privacy::ColumnClass>& before,
                        const std::vector<privacy::ColumnClass>& now) {
    if (before == now) return;
    throw conflict("delivery.classes_changed",
                   {"The classification of a column changed during the delivery. Deliver again.",
                    "交付过程中字段分类发生变化，请重新交付。"});
}

void check_scope(sql::Connection& db, const store::Contract& contract,
                 const privacy::Policy& policy, const store::Delivery& delivery) {
    const auto dataset = catalog::ResourceStore(db).dataset(delivery.dataset_id);
    const auto order = store::find_order(db, delivery.order_id);
    PDX_CHECK(dataset && order);
    const auto product = store::find_product(db, order->product_id);
    PDX_CHECK(product.has_value());
    privacy::check_use(policy.scope, {contract.resource_id.text(), dataset->version_no,
                                      std::string(domain::to_string(product->kind)),
                                      Date::of(delivery.created_at)});
}

/// A refusal is the gate's or the data's; anything else is a failure of this program.
DeliveryEvent ending_of(const Error& error) {
    switch (error.kind()) {
        case ErrorKind::kConflict:
        case ErrorKind::kInvalid:
        case ErrorKind::kForbidden:
        case ErrorKind::kTooLarge:
        case ErrorKind::kUnsupported: return DeliveryEvent::kRefuse;
        default: return DeliveryEvent::kFail;
    }
}

/// What was done beyond masking. Null for nothing.
json fact_of_copy(const privacy::MaskReport& report) {
    if (report.steps == 0 && !report.marks && report.canaries == 0) return nullptr;
    std::uint64_t marked = 0;
    if (report.marks) {
        for (const auto& column : report.marks->columns) marked += column.carried;
    }
    return {
        {"canaries", report.canaries}, {"generalisation_steps", report.steps}, {"marked", marked}};
}

json fact_of_columns(const json& report) {
    const json& columns = report.at("columns");
    if (columns.size() > kReportedColumnsMax) return nullptr;
    return columns.dump().size() <= kReportedBytesMax ? columns : json();
}

DeliveryId delivery_in(const std::string& answer) {
    const auto id = DeliveryId::parse(json::parse(answer).at("delivery_id").get<std::string>());
    PDX_CHECK(id.has_value());
    return *id;
}

}  // namespace

Outcome DeliveryService::deliver(const WriteRequest& write, const OrderId& order) {
    if (auto answer = answered_before(context_, write)) return *std::move(answer);
    // Whatever ends the masking, the order must not be left between two states: known from inside
    // the command on, since even reading its answer can fail.
    Preparation begun(*this);
    try {
        const Outcome started =
            context_.writer.submit({write.caller, first_stage_key(write),
                                    [&](Transaction& tx) { return start(tx, order, begun); }});
        if (started.replayed) return repeated(write, delivery_in(started.answer));
        return run(write, begun.id().value());
    } catch (const Error& error) {
        if (begun.id()) {
            fail(write.caller, *begun.id(), ending_of(error), error.code());
            if (error.kind() != ErrorKind::kBusy) keep_refusal(context_, write, error);
        }
        throw;
    } catch (...) {
        if (begun.id()) fail(write.caller, *begun.id(), DeliveryEvent::kFail, kFailed);
        throw;
    }
}

void DeliveryService::Preparation::begin(const DeliveryId& id) {
    end();
    const std::lock_guard lock(service_.mutex_);
    service_.prepared_.insert(id.text());
    id_ = id;
}

void DeliveryService::Preparation::end() {
    if (!id_) return;
    const std::lock_guard lock(service_.mutex_);
    service_.prepared_.erase(id_->text());
    id_.reset();
}

bool DeliveryService::is_prepared(const DeliveryId& id) {
    const std::lock_guard lock(mutex_);
    return prepared_.contains(id.text());
}

Outcome DeliveryService::run(const WriteRequest& write, const DeliveryId& id) {
    const TimeLimit limit(context_.delivery_time_max);
    const MaskingJob job = load_job(id);
    const Staged staged = privacy::with_fewest_steps(
        job.policy, [&](std::size_t steps) { return stage(job, limit, steps); });
    Outcome outcome =
        context_.writer.submit({write.caller, write.idempotency,
                                [&](Transaction& tx) { return publish(tx, job, staged); }});
    context_.blobs.keep(staged.output.stored.sha256);
    if (staged.sketch) context_.blobs.keep(staged.sketch->digest);
    return outcome;
}

/// Without a sketch for a policy without limits, or without a column that says who a row is about.
DeliveryService::Staged DeliveryService::stage(const MaskingJob& job, const TimeLimit& limit,
                                               std::size_t steps) {
    Staged staged{mask_dataset(context_.blobs, context_.master_key.view(), job, limit, steps), {}};
    const auto& risk = staged.output.report.risk;
    if (!risk || !risk->sketch) return staged;
    auto lease = context_.reads.borrow();
    const auto kept = list_kept(*lease, job.resource, job.policy.risk->subject);
    staged.sketch =
        stage_sketch(context_.blobs, *risk->sketch, job.buyer, kept, job.policy.risk->limits);
    check_in_time(limit);
    return staged;
}

std::string DeliveryService::start(Transaction& tx, const OrderId& id, Preparation& preparation) {
    store::Order order = load_order_of_operator(tx.db(), tx.caller(), id);
    const store::Contract contract = require_live(tx.db(), order.contract_id, tx.now());
    order.state = domain::apply(order.state, OrderEvent::kStartDelivery);
    if (order.deliveries > 0) {
        domain::check_redelivery(static_cast<int>(order.deliveries - 1),
                                 context_.rules.redeliveries_max);
    }
    const catalog::Dataset dataset = newest_dataset(tx.db(), contract);
    classes_of(tx.db(), contract, dataset.id);
    store::Delivery delivery;
    delivery.id = tx.make_id<DeliveryTag>();
    delivery.order_id = order.id;
    delivery.contract_id = contract.id;
    delivery.dataset_id = dataset.id;
    delivery.operator_id = order.operator_id;
    delivery.buyer_id = order.buyer_id;
    delivery.policy_digest = contract.policy_digest;
    delivery.input_digest = dataset.sha256;
    delivery.created_at = tx.now();
    delivery.updated_at = tx.now();
    store::insert_delivery(tx.db(), delivery);
    store::update_order(tx.db(), order, tx.now());
    tx.record(delivery_fact("delivery.requested", delivery, {{"order", fact_of(order)}},
                            domain::profile_name(context_.rules)));
    preparation.begin(delivery.id);
    return to_json(delivery).dump();
}

MaskingJob DeliveryService::load_job(const DeliveryId& id) {
    auto lease = context_.reads.borrow();
    const store::Delivery delivery = load_delivery(*lease, id);
    // The clock may be behind the ledger's time, which is the one that decides.
    const store::Contract contract = require_live(
        *lease, delivery.contract_id, std::max(context_.clock.now(), delivery.created_at));
    privacy::Policy policy = policy_of(contract.id, contract.policy_text, contract.policy_digest);
    check_scope(*lease, contract, policy, delivery);
    return {id,
            delivery.buyer_id,
            delivery.input_digest,
            contract.id,
            context_.contract_keys.key_of(*lease, contract),
            contract.resource_id,
            std::move(policy),
            classes_of(*lease, contract, delivery.dataset_id),
            context_.patterns};
}

std::string DeliveryService::publish(Transaction& tx, const MaskingJob& job, const Staged& staged) {
    const auto& [output, sketch] = staged;
    store::Delivery delivery = load_delivery(tx.db(), job.delivery);
    store::Order order = load_order(tx.db(), delivery.order_id);
    const store::Contract contract = require_live(tx.db(), delivery.contract_id, tx.now());
    check_same_classes(job.classes, classes_of(tx.db(), contract, delivery.dataset_id));
    delivery.state = domain::apply(delivery.state, DeliveryEvent::kStage);
    domain::check_delivery({contract.facts(), order.state, true, true, true}, tx.now());
    delivery.state = domain::apply(delivery.state, DeliveryEvent::kPublish);
    order.state = domain::apply(order.state, OrderEvent::kCompleteDelivery);
    const json report = to_json(output.report);
    delivery.output_digest = output.stored.sha256;
    delivery.output_bytes = static_cast<std::int64_t>(output.stored.bytes);
    delivery.output_rows = static_cast<std::int64_t>(output.report.rows_out);
    delivery.report = report.dump();
    ++order.deliveries;
    order.acceptance_due = acceptance_due(tx.db(), order, Date::of(tx.now()));
    store::update_delivery(tx.db(), delivery, tx.now());
    store::update_order(tx.db(), order, tx.now());
    json body{{"columns", fact_of_columns(report)},
              {"detector", fact_of_detector(context_.patterns)},
              {"report_digest", sha256(delivery.report).hex()},
              {"order", fact_of(order)}};
    const auto& risk = output.report.risk;
    if (risk) body["risk"] = fact_of(*risk, job.policy.risk->limits);
    if (sketch) {
        record_sketch(
            tx.db(), *sketch,
            {job.delivery, job.resource, job.buyer, job.policy.risk->subject, sketch->digest});
        body["risk"].update({{"joint_size_min", sketch->joint.size_min},
                             {"joint_releases", sketch->joint.releases},
                             {"joint_buyers", sketch->joint.buyers}});
    }
    if (report.contains("sensitivity_profile")) {
        body["sensitivity_profile"] = report.at("sensitivity_profile");
    }
    const json copy = fact_of_copy(output.report);
    if (!copy.is_null()) body["copy"] = copy;
    Fact fact = delivery_fact("delivery.published", delivery, std::move(body),
                              domain::profile_name(context_.rules));
    fact.version = 5;
    tx.record(std::move(fact));
    return to_json(delivery).dump();
}

/// The later of what the rules leave the buyer and what the listing promised.
Date DeliveryService::acceptance_due(sql::Connection& db, const store::Order& order, Date today) {
    const auto listing = store::find_listing(db, order.listing_id);
    PDX_CHECK(listing.has_value());
    const auto rule = domain::deadline(context_.rules, domain::LegalClock::kInspection, today);
    const auto promise = domain::add_calendar_days(today, listing->inspection_days);
    return std::max(rule.due.due, promise.due);
}

/// The same request came twice, and the first has begun: its answer, its refusal, or "wait".
Outcome DeliveryService::repeated(const WriteRequest& write, const DeliveryId& id) {
    if (auto answer = answered_before(context_, write)) return *std::move(answer);
    auto lease = context_.reads.borrow();
    const store::Delivery delivery = load_delivery(*lease, id);
    if (!delivery.failure_code.empty()) {
        ErrorDetail detail;
        detail.state = domain::to_string(delivery.state);
        detail.rule = delivery.failure_code;
        throw conflict(
            std::string(kFailed),
            {"This delivery did not succeed. Start another one.", "本次交付未成功，请重新发起。"},
            std::move(detail));
    }
    throw busy("delivery.in_progress", {"This delivery is being prepared. Ask again in a moment.",
                                        "交付正在处理中，请稍后再试。"});
}

/// Tries a few times when the writer is full; what stays is found by recover().
void DeliveryService::fail(const Caller& caller, const DeliveryId& id, DeliveryEvent event,
                           std::string_view code) {
    constexpr int kAttemptsMax = 5;
    constexpr std::chrono::milliseconds kPause{100};
    for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
        try {
            context_.writer.submit({caller, std::nullopt, [&](Transaction& tx) {
                                        return give_back(tx, id, event, code);
                                    }});
            return;
        } catch (const Error& error) {
            // A conflict: it was published after all, by a commit whose outcome was unknown.
            if (error.kind() != ErrorKind::kBusy || !context_.writer.accepts()) return;
            std::this_thread::sleep_for(kPause * (1 << attempt));
        }
    }
}

std::string DeliveryService::give_back(Transaction& tx, const DeliveryId& id, DeliveryEvent event,
                                       std::string_view code) {
    store::Delivery delivery = load_delivery(tx.db(), id);
    delivery.state = domain::apply(delivery.state, event);
    delivery.failure_code = code;
    store::update_delivery(tx.db(), delivery, tx.now());
    store::Order order = load_order(tx.db(), delivery.order_id);
    json body = json::object();
    if (order.state == OrderState::kDelivering) {
        order.state = domain::apply(order.state, OrderEvent::kFailDelivery);
        store::update_order(tx.db(), order, tx.now());
    }
    for (store::Dispute& dispute : store::list_disputes_of_order(tx.db(), order.id)) {
        // The dispute must not return the order to a delivery that is no more.
        if (!domain::holds_money(dispute.state) || dispute.order_state != OrderState::kDelivering) {
            continue;
        }
        dispute.order_state = domain::apply(dispute.order_state, OrderEvent::kFailDelivery);
        store::update_dispute(tx.db(), dispute, tx.now());
        body["dispute"] = fact_of(dispute);
    }
    body["order"] = fact_of(order);
    const bool refused = event == DeliveryEvent::kRefuse;
    tx.record(delivery_fact(refused ? "delivery.refused" : "delivery.failed", delivery,
                            std::move(body), domain::profile_name(context_.rules)));
    return to_json(delivery).dump();
}

Download DeliveryService::download(const Caller& caller, const DeliveryId& id) {
    Digest digest;
    {
        auto lease = context_.reads.borrow();
        const store::Delivery delivery = load_delivery(*lease, id);
        if (caller.party.empty() || caller.party != delivery.buyer_id) throw not_found("delivery");
        domain::apply(delivery.state, DeliveryEvent::kDownload);
        digest = delivery.output_digest;
    }
    // Opened first, so that no download is metered of a blob that cannot be read.
    catalog::BlobReader content = context_.blobs.open(digest);
    store::Delivery metered;
    Outcome outcome = context_.writer.submit({caller, std::nullopt, [&](Transaction& tx) {
                                                  metered = meter(tx, id);
                                                  return to_json(metered).dump();
                                              }});
    PDX_CHECK(metered.output_digest == digest);
    return {std::move(metered), std::move(outcome), std::move(content)};
}

store::Delivery DeliveryService::meter(Transaction& tx, const DeliveryId& id) {
    store::Delivery delivery = load_delivery(tx.db(), id);
    const store::Order order = load_order(tx.db(), delivery.order_id);
    const auto contract = store::find_contract(tx.db(), delivery.contract_id);
    PDX_CHECK(contract.has_value());
    // Published means masked under the policy with every column classified; this command meters.
    domain::check_delivery({contract->facts(), order.state, true, true, true}, tx.now());
    delivery.state = domain::apply(delivery.state, DeliveryEvent::kDownload);
    ++delivery.downloads;
    store::update_delivery(tx.db(), delivery, tx.now());
    tx.record(delivery_fact("delivery.downloaded", delivery,
                            {{"buyer_id", delivery.buyer_id.text()}},
                            domain::profile_name(context_.rules)));
    return delivery;
}

store::Delivery DeliveryService::find(const Caller& caller, const DeliveryId& id) {
    auto lease = context_.reads.borrow();
    store::Delivery delivery = load_delivery(*lease, id);
    const bool is_party = !caller.party.empty() && (caller.party == delivery.buyer_id ||
                                                    caller.party == delivery.operator_id);
    if (!is_party && !reads_everything(caller)) throw not_found("delivery");
    return delivery;
}

std::vector<store::Delivery> DeliveryService::list(const Caller& caller, const OrderId& id,
                                                   const std::string& after, std::int64_t limit) {
    auto lease = context_.reads.borrow();
    const store::Order order = load_order(*lease, id);
    if (!is_party_of(caller, order) && !reads_everything(caller)) throw not_found("order");
    return store::list_deliveries(*lease, id, after, limit);
}

std::size_t DeliveryService::recover() {
    std::size_t count = 0;
    std::string after;
    while (true) {
        std::vector<store::Delivery> page;
        {
            auto lease = context_.reads.borrow();
            page = store::list_deliveries_in(*lease, DeliveryState::kRequested, after,
                                             kRecoveredAtOnceMax);
        }
        if (page.empty()) return count;
        after = page.back().id.text();
        for (const store::Delivery& delivery : page) {
            if (is_prepared(delivery.id)) continue;
            try {
                context_.writer.submit({system_caller(), std::nullopt, [&](Transaction& tx) {
                                            return give_back(tx, delivery.id, DeliveryEvent::kFail,
                                                             kInterrupted);
                                        }});
                ++count;
            } catch (const Error& error) {
                // It was published between the two looks.
                if (error.kind() != ErrorKind::kConflict) throw;
            }
        }
    }
}

}  // namespace pdx::app
