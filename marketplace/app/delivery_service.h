#pragma once
/// Deliveries: masked under the contract, published, downloaded and metered. Nothing leaves without
/// a live contract, a policy and a metering record (design section 7).
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/blob_store.h"
#include "marketplace/app/context.h"
#include "marketplace/app/delivery_pipeline.h"
#include "marketplace/app/release_history.h"
#include "marketplace/store/contract_store.h"
#include "marketplace/store/delivery_store.h"
#include "marketplace/store/order_store.h"

namespace pdx::app {

/// A download that was metered: what may now be sent.
struct Download {
    store::Delivery delivery;
    Outcome outcome;
    catalog::BlobReader content;
};

class DeliveryService {
public:
    explicit DeliveryService(Context& context) : context_(context) {}

    /// Three steps: a command that starts the delivery, the masking outside of the writer, a
    /// command that publishes. The contract is asked before and after. Whatever goes wrong between,
    /// the delivery is recorded as refused or failed with the code, the order goes back to the
    /// operator, and the caller gets the reason. Throws: kConflict "contract.not_live",
    /// "contract.key_destroyed", "order.redeliveries", "delivery.no_dataset", "delivery.resource",
    /// "delivery.classes_changed", "delivery.out_of_scope", what delivery_pipeline.h throws; kBusy
    /// "delivery.in_progress" to a repeated request while the first is under way; kBusy
    /// "delivery.timed_out" after Context::delivery_time_max.
    Outcome deliver(const WriteRequest& write, const OrderId& order);

    /// Records the download, and only then gives the content out.
    /// Throws: not_found("delivery") unless the caller is its buyer; kConflict "delivery.gate",
    /// "delivery.transition".
    Download download(const Caller& caller, const DeliveryId& id);

    /// Throws: not_found("delivery") unless the caller is its buyer or operator, or reads
    /// everything.
    store::Delivery find(const Caller& caller, const DeliveryId& id);
    /// Oldest first. Throws: not_found("order").
    std::vector<store::Delivery> list(const Caller& caller, const OrderId& order,
                                      const std::string& after, std::int64_t limit);

    /// Deliveries that are begun and that nobody prepares any more, because the process ended or
    /// the storage took no record of their failure, are recorded as failed, so that their operators
    /// can start again. Returns how many. Thread: any.
    std::size_t recover();

private:
    /// What was masked, and its sketch when there is one; neither is named yet.
    struct Staged {
        MaskedOutput output;
        std::optional<StagedSketch> sketch;
    };

    /// What one call of deliver() prepares: the delivery, from the moment on that it may be
    /// committed, until the call returns.
    class Preparation {
    public:
        explicit Preparation(DeliveryService& service) : service_(service) {}
        ~Preparation() { end(); }
        Preparation(const Preparation&) = delete;
        Preparation& operator=(const Preparation&) = delete;

        void begin(const DeliveryId& id);
        const std::optional<DeliveryId>& id() const { return id_; }

    private:
        void end();

        DeliveryService& service_;
        std::optional<DeliveryId> id_;
    };

    Outcome run(const WriteRequest& write, const DeliveryId& id);
    std::string start(Transaction& tx, const OrderId& id, Preparation& preparation);
    MaskingJob load_job(const DeliveryId& id);
    Staged stage(const MaskingJob& job, const TimeLimit& limit, std::size_t steps);
    std::string publish(Transaction& tx, const MaskingJob& job, const Staged& staged);
    Outcome repeated(const WriteRequest& write, const DeliveryId& id);
    void fail(const Caller& caller, const DeliveryId& id, domain::DeliveryEvent event,
              std::string_view code);
    std::string give_back(Transaction& tx, const DeliveryId& id, domain::DeliveryEvent event,
                          std::string_view code);
    Date acceptance_due(sql::Connection& db, const store::Order& order, Date today);
    store::Delivery meter(Transaction& tx, const DeliveryId& id);
    bool is_prepared(const DeliveryId& id);

    Context& context_;
    std::mutex mutex_;
    std::set<std::string> prepared_;  ///< ids of deliveries
};

}  // namespace pdx::app
